package presence.gateway;

import java.util.List;
import org.jspecify.annotations.Nullable;
import presence.protocol.Position;

/// Messages that go out together, in this order. What many sockets are sent is joined to a frame
/// once.
public final class Batch {
  private final List<Encoded> messages;
  private final int bytes;

  /// Made by whoever needs it first; two that need it at once may both make it, and make the same.
  private @Nullable Payload frame;

  public Batch(List<Encoded> messages) {
    this.messages = messages;
    this.bytes = messages.stream().mapToInt(Encoded::bytes).sum();
  }

  List<Encoded> messages() {
    return messages;
  }

  /// Without what joins them.
  int bytes() {
    return bytes;
  }

  /// The place in the stream after all of them; nothing = they lead to none.
  @Nullable Position at() {
    Position at = null;
    for (Encoded message : messages) {
      at = message.at() == null ? at : message.at();
    }
    return at;
  }

  Payload frame() {
    Payload made = frame;
    if (made == null) {
      made = Encoded.frame(messages);
      frame = made;
    }
    return made;
  }
}
