package presence.protocol;

import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// A text that a message sets: to something, or (JSON `null`) to nothing. A message that leaves the
/// field out sets nothing at all; its component is then `null`.
@JsonDeserialize(using = Setting.Reader.class)
public record Setting(@JsonValue @Nullable String value) {
  /// Set to nothing.
  public static final Setting NONE = new Setting(null);

  public static Setting to(@Nullable String value) {
    return value == null ? NONE : new Setting(value);
  }

  static final class Reader extends StdDeserializer<Setting> {
    Reader() {
      super(Setting.class);
    }

    @Override
    public Setting deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      return new Setting(context.readValue(parser, String.class));
    }

    @Override
    public Setting getNullValue(DeserializationContext context) {
      return NONE;
    }

    @Override
    public @Nullable Object getAbsentValue(DeserializationContext context) {
      return null;
    }
  }
}
