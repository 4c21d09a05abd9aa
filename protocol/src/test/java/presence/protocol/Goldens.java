package presence.protocol;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/// The published files of this module, and which message types there are.
final class Goldens {
  static final JsonMapper JSON = new JsonMapper();

  private Goldens() {}

  /// The record of each type, in the order of declaration.
  static Map<String, Class<?>> types(Class<?> messages) {
    Map<String, Class<?>> types = new LinkedHashMap<>();
    JsonSubTypes declared =
        Objects.requireNonNull(messages.getAnnotation(JsonSubTypes.class), messages.getName());
    for (JsonSubTypes.Type type : declared.value()) {
      types.put(type.name(), type.value());
    }
    return types;
  }

  /// The golden file of this type, `client` or `server`.
  static JsonNode golden(String side, String type) {
    return resource("golden/%s/%s.json".formatted(side, type.replace(':', '-')));
  }

  /// The golden frames of all client messages.
  static List<String> clientFrames() {
    return frames("client", ClientMessage.class).toList();
  }

  static Stream<String> frames(String side, Class<?> messages) {
    return types(messages).keySet().stream().map(type -> golden(side, type).toString());
  }

  static JsonNode resource(String path) {
    try (InputStream in = Goldens.class.getResourceAsStream("/presence/" + path)) {
      return JSON.readTree(Objects.requireNonNull(in, "no resource presence/" + path));
    } catch (IOException e) {
      throw new UncheckedIOException(path, e);
    }
  }
}
