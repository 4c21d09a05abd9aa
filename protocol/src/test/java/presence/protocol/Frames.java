package presence.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import presence.protocol.Codec.Element;

/// What the tests of the codec say of a frame.
final class Frames {
  static final Codec CODEC = new Codec(65_536, 32);

  private Frames() {}

  static ClientMessage message(String frame) {
    Element element = only(frame);
    assertThat(element).as(frame).isInstanceOf(Element.Message.class);
    return ((Element.Message) element).message();
  }

  static ServerMessage.Error refusal(String frame) {
    Element element = only(frame);
    assertThat(element)
        .as(frame.substring(0, Math.min(200, frame.length())))
        .isInstanceOf(Element.Refusal.class);
    return ((Element.Refusal) element).error();
  }

  static Element only(String frame) {
    List<Element> elements = CODEC.decodeFrame(frame);
    assertThat(elements).hasSize(1);
    return elements.getFirst();
  }

  /// A JSON text of these characters, nothing escaped but what must be.
  static String quoted(String text) {
    StringBuilder json = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      json.append(
          c < ' ' || c == '"' || c == '\\' || Character.isSurrogate(c)
              ? "\\u%04x".formatted((int) c)
              : String.valueOf(c));
    }
    return json.append('"').toString();
  }
}
