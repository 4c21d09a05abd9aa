package presence.load.peers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Bayeux over a WebSocket, as CometD's clients speak it: a handshake, and a `/meta/connect` that
/// is sent again whenever it is answered, which is the sign of life.
final class CometDTongue implements Tongue {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final int person;
  private final Memo memo;
  private String client = "";
  private boolean parting;

  CometDTongue(int person, Memo memo) {
    this.person = person;
    this.memo = memo;
  }

  /// What all members of a server share.
  static Memo memo() {
    return new Memo(payload -> {
      List<Heard> meaning = new ArrayList<>();
      parse(payload).forEach(message -> meaning.addAll(meaning(message)));
      return meaning;
    });
  }

  @Override
  public void greet(Line line) {
    line.send(
        "[{\"channel\":\"/meta/handshake\",\"version\":\"1.0\",\"supportedConnectionTypes\":[\"websocket\"]}]");
  }

  @Override
  public void join(Line line) {
    publish(line, "/service/join", "{\"who\":" + person + "}");
  }

  @Override
  public void leave(Line line) {
    publish(line, "/service/leave", "{}");
  }

  @Override
  public void say(Line line, String text) {
    publish(line, "/room", "{\"type\":\"said\",\"who\":" + person + ",\"text\":\"" + text + "\"}");
  }

  @Override
  public void part(Line line) {
    parting = true;
    publish(line, "/service/part", "{}");
    line.send("[{\"channel\":\"/meta/disconnect\",\"clientId\":\"" + client + "\"}]");
  }

  private void publish(Line line, String channel, String data) {
    line.send(
        "[{\"channel\":\"%s\",\"clientId\":\"%s\",\"data\":%s}]".formatted(channel, client, data));
  }

  private void connect(Line line) {
    line.send(
        "[{\"channel\":\"/meta/connect\",\"clientId\":\"%s\",\"connectionType\":\"websocket\"}]"
            .formatted(client));
  }

  @Override
  public void read(ByteBuffer payload, Line line) {
    if (client.isEmpty()) {
      JsonNode reply = parse(payload).path(0);
      client = reply.path("clientId").asText();
      connect(line);
      line.hear(client.isEmpty() ? new Heard.Refused(reply.toString()) : new Heard.Greeted());
      return;
    }
    for (Heard heard : memo.read(payload)) {
      if (parting && !(heard instanceof Heard.Parted)) {
        continue; // the connect that waits is answered, too, by whatever is left of the session
      }
      if (heard instanceof Heard.Asked) {
        connect(line);
      } else {
        line.hear(heard);
      }
    }
  }

  private static JsonNode parse(ByteBuffer payload) {
    try {
      return JSON.readTree(StandardCharsets.UTF_8.decode(payload.duplicate()).toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Heard> meaning(JsonNode message) {
    if (message.has("data")) {
      return List.of(PlainTongue.meaning(message.path("data")));
    }
    if (!message.path("successful").asBoolean()) {
      return List.of(new Heard.Refused(message.toString()));
    }
    return switch (message.path("channel").asText()) {
      case "/meta/connect" -> List.of(new Heard.Asked());
      case "/meta/disconnect" -> List.of(new Heard.Parted());
      default -> List.of();
    };
  }
}
