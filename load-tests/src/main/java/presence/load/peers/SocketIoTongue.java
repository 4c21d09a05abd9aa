package presence.load.peers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Socket.IO 4 (Engine.IO 4) over a WebSocket: packets are a digit or two and what follows.
final class SocketIoTongue implements Tongue {
  static final String PATH = "/socket.io/?EIO=4&transport=websocket";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String OPEN = "0";
  private static final String PING = "2";
  private static final String PONG = "3";
  private static final String CONNECT = "40";
  private static final String EVENT = "42";

  private final int person;
  private final Memo memo;

  SocketIoTongue(int person, Memo memo) {
    this.person = person;
    this.memo = memo;
  }

  /// What all members of a server share.
  static Memo memo() {
    return new Memo(SocketIoTongue::meaning);
  }

  @Override
  public void greet(Line line) {
    line.send(CONNECT);
  }

  @Override
  public void join(Line line) {
    line.send(EVENT + "[\"join\"," + person + "]");
  }

  @Override
  public void leave(Line line) {
    line.send(EVENT + "[\"leave\"]");
  }

  @Override
  public void say(Line line, String text) {
    line.send(EVENT + "[\"say\",\"" + text + "\"]");
  }

  @Override
  public void part(Line line) {
    line.send(EVENT + "[\"part\"]");
  }

  @Override
  public void read(ByteBuffer payload, Line line) {
    for (Heard heard : memo.read(payload)) {
      if (heard instanceof Heard.Asked) {
        line.send(PONG);
      } else {
        line.hear(heard);
      }
    }
  }

  private static List<Heard> meaning(ByteBuffer payload) {
    String packet = StandardCharsets.UTF_8.decode(payload.duplicate()).toString();
    if (packet.startsWith(EVENT)) {
      return List.of(event(packet.substring(EVENT.length())));
    }
    if (packet.startsWith(CONNECT)) {
      return List.of(new Heard.Greeted());
    }
    if (packet.equals(PING)) {
      return List.of(new Heard.Asked());
    }
    boolean expected = packet.startsWith(OPEN) || packet.equals("41");
    return expected ? List.of() : List.of(new Heard.Refused(packet));
  }

  private static Heard event(String json) {
    try {
      JsonNode event = JSON.readTree(json);
      ObjectNode told = event.required(1).deepCopy();
      return PlainTongue.meaning(told.put("type", event.required(0).asText()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
