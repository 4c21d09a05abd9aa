package presence.load.peers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.List;

/// JSON objects over a bare WebSocket, as the servers on `ws` and on Netty speak.
final class PlainTongue implements Tongue {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final int person;
  private final Memo memo;

  PlainTongue(int person, Memo memo) {
    this.person = person;
    this.memo = memo;
  }

  /// What all members of a server share.
  static Memo memo() {
    return new Memo(PlainTongue::meaning);
  }

  @Override
  public void greet(Line line) {
    line.hear(new Heard.Greeted());
  }

  @Override
  public void join(Line line) {
    line.send("{\"type\":\"join\",\"who\":" + person + "}");
  }

  @Override
  public void leave(Line line) {
    line.send("{\"type\":\"leave\"}");
  }

  @Override
  public void say(Line line, String text) {
    line.send("{\"type\":\"say\",\"text\":\"" + text + "\"}");
  }

  @Override
  public void part(Line line) {
    line.send("{\"type\":\"part\"}");
  }

  @Override
  public void read(ByteBuffer payload, Line line) {
    memo.read(payload).forEach(line::hear);
  }

  private static List<Heard> meaning(ByteBuffer payload) {
    try {
      return List.of(
          meaning(JSON.readTree(StandardCharsets.UTF_8.decode(payload.duplicate()).toString())));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The same objects, in whatever wrapping.
  static Heard meaning(JsonNode told) {
    return switch (told.path("type").asText()) {
      case "here" -> new Heard.Here(people(told.path("who")));
      case "came" -> new Heard.Came(told.path("who").asInt());
      case "left" -> new Heard.Left(told.path("who").asInt());
      case "said" -> new Heard.Said(Texts.number(told.path("text").asText()));
      default -> new Heard.Refused(told.toString());
    };
  }

  private static BitSet people(JsonNode numbers) {
    BitSet people = new BitSet();
    numbers.forEach(number -> people.set(number.asInt()));
    return people;
  }
}
