package presence.protocol;

import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/// A JSON value of a client's making that others read: written anew from what was understood of it,
/// never passed on as it came.
@JsonDeserialize(using = Json.Reader.class)
public record Json(@JsonValue @JsonRawValue String text) {

  /// Its length in UTF-8.
  public int bytes() {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  void requireObject(String field) {
    if (!text.startsWith("{")) {
      throw Checks.bad(field + " is an object");
    }
  }

  static final class Reader extends StdDeserializer<Json> {
    Reader() {
      super(Json.class);
    }

    @Override
    public Json deserialize(JsonParser parser, DeserializationContext context) throws IOException {
      JsonNode value = context.readTree(parser);
      if (!isFinite(value)) {
        return context.reportInputMismatch(Json.class, "a number beyond all bounds");
      }
      return new Json(value.toString());
    }

    private static boolean isFinite(JsonNode value) {
      if (value.isContainerNode()) {
        for (JsonNode each : value) {
          if (!isFinite(each)) {
            return false;
          }
        }
        return true;
      }
      return !value.isFloatingPointNumber() || Double.isFinite(value.doubleValue());
    }
  }
}
