package presence.load.check;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.StreamSupport;

/// The messages of a frame, in order.
final class Messages {
  private Messages() {}

  static List<JsonNode> of(JsonNode frame) {
    return frame.isArray()
        ? StreamSupport.stream(frame.spliterator(), false).toList()
        : List.of(frame);
  }

  static boolean isType(JsonNode message, String type) {
    return message.path("type").asText().equals(type);
  }

  /// Whether a frame holds nothing but messages.
  static boolean areReadable(JsonNode frame) {
    return of(frame).stream().allMatch(message -> message.path("type").isTextual());
  }
}
