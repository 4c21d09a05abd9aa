package presence.load.scenarios;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import presence.load.check.Rule;
import presence.load.storm.Guest;
import presence.protocol.ClientMessage;
import presence.protocol.CloseCode;
import presence.protocol.ErrorCode;
import presence.protocol.ServerMessage;
import presence.protocol.Setting;

/// Somebody says what is no message, in every way there is, beside people who talk.
final class Malformed implements Scenario {
  private static final int BAD_FRAMES_MAX = 100;
  private static final int FRAME_BYTES_MAX = 64 << 10;
  private static final Duration CLOSED_WITHIN = Duration.ofSeconds(20);

  private static final Map<String, ErrorCode> FRAMES = new LinkedHashMap<>();

  static {
    FRAMES.put("", ErrorCode.BAD_JSON);
    FRAMES.put("{", ErrorCode.BAD_JSON);
    FRAMES.put("\u0000", ErrorCode.BAD_JSON);
    FRAMES.put("{\"type\":\"pong\"} {", ErrorCode.BAD_JSON);
    FRAMES.put("[".repeat(40) + "]".repeat(40), ErrorCode.BAD_JSON);
    FRAMES.put("[]", ErrorCode.BAD_MESSAGE);
    FRAMES.put("7", ErrorCode.BAD_MESSAGE);
    FRAMES.put("{}", ErrorCode.BAD_MESSAGE);
    FRAMES.put("{\"type\":\"dance\"}", ErrorCode.UNKNOWN_TYPE);
    FRAMES.put("{\"type\":\"chat:join\"}", ErrorCode.BAD_MESSAGE);
    FRAMES.put("{\"type\":\"chat:join\",\"instance\":7}", ErrorCode.BAD_MESSAGE);
    FRAMES.put("{\"type\":\"location\",\"slug\":{\"a\":1}}", ErrorCode.BAD_MESSAGE);
    FRAMES.put("{\"type\":\"dm:ack\",\"ids\":\"all\"}", ErrorCode.BAD_MESSAGE);
    FRAMES.put("[{\"type\":\"pong\"},{\"type\":\"chat:leave\"}]", ErrorCode.BAD_MESSAGE);
    FRAMES.put("{\"type\":\"hello\",\"protocol\":1}", ErrorCode.SECOND_HELLO);
  }

  @Override
  public String name() {
    return "malformed";
  }

  @Override
  public String invariant() {
    return "what is no message is refused by its kind, the session stays, and nobody else notices";
  }

  @Override
  public String play(Stage stage) {
    List<Guest> members = stage.cast().members(stage.users());
    Rogue rogue = stage.rogue();
    rogue.hello(stage.tokens(1).getFirst());
    FRAMES.forEach((frame, code) -> {
      rogue.says(frame);
      refused(stage, rogue, code, frame);
      stillServed(rogue);
      members.getFirst().turn();
    });
    rogue.saysBytes("{\"type\":\"pong\"}".getBytes(StandardCharsets.UTF_8));
    refused(stage, rogue, ErrorCode.BAD_JSON, "a binary frame");
    stillServed(rogue);
    int abused = closedAfterTooMany(stage, rogue);
    closedAfterTooBig(stage);
    Cast.all(members.stream().map(each -> each.say(stage.instance(), "")).toList(), "be heard");
    stage.prove(Rule.CHAT_LOST, Rule.GAP, Rule.VISIBLE, Rule.QUIET);
    return "%d kinds of frames that are no message, then %d in a row, then one of more than 64 KiB"
        .formatted(FRAMES.size() + 1, abused);
  }

  private static void refused(Stage stage, Rogue rogue, ErrorCode code, String frame) {
    ServerMessage.Error error = rogue.hears(ServerMessage.Error.class);
    stage.must(
        error.code() == code,
        "%s is refused as %s, not %s".formatted(frame, error.code().word(), code.word()));
  }

  private static void stillServed(Rogue rogue) {
    rogue.says(new ClientMessage.Location(Setting.to("elsewhere"), null, "still"));
    rogue.next(
        answer -> answer instanceof ServerMessage.Ok && "still".equals(answer.ref()), "an ok");
  }

  private static int closedAfterTooMany(Stage stage, Rogue rogue) {
    for (int number = 0; number <= BAD_FRAMES_MAX; number++) {
      rogue.says("{");
    }
    int code = rogue.closeCode(CLOSED_WITHIN);
    stage.must(code == CloseCode.PROTOCOL_ABUSE.code(), "too many in a row are closed " + code);
    return BAD_FRAMES_MAX + 1;
  }

  private static void closedAfterTooBig(Stage stage) {
    Rogue rogue = stage.rogue();
    rogue.hello(null);
    rogue.says(" ".repeat(FRAME_BYTES_MAX) + "{\"type\":\"pong\"}");
    int code = rogue.closeCode(CLOSED_WITHIN);
    stage.must(code == CloseCode.TOO_BIG.code(), "a frame too big is closed " + code);
  }
}
