package presence.cases;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import presence.protocol.ClientMessage;

/// Frames written by hand, for sockets without a client.
final class Frames {
  static final String ANONYMOUS = "{\"type\":\"hello\",\"protocol\":1}";

  private Frames() {}

  /// The published example of every message of a client.
  static List<String> golden() {
    List<String> frames = new ArrayList<>();
    for (JsonSubTypes.Type type : ClientMessage.class.getAnnotation(JsonSubTypes.class).value()) {
      String file = "/presence/golden/client/" + type.name().replace(':', '-') + ".json";
      try (InputStream in = Objects.requireNonNull(Frames.class.getResourceAsStream(file), file)) {
        frames.add(new String(in.readAllBytes(), StandardCharsets.UTF_8));
      } catch (IOException e) {
        throw new UncheckedIOException(file, e);
      }
    }
    return frames;
  }

  static String hello(String token) {
    return "{\"type\":\"hello\",\"protocol\":1,\"token\":\"%s\"}".formatted(token);
  }

  static String resume(String resumeToken) {
    return "{\"type\":\"hello\",\"protocol\":1,\"resume\":{\"token\":\"%s\"}}"
        .formatted(resumeToken);
  }

  static String join(String instance) {
    return "{\"type\":\"chat:join\",\"instance\":\"%s\"}".formatted(instance);
  }

  static String array(String... messages) {
    return "[" + String.join(",", messages) + "]";
  }
}
