package presence.gateway;

import java.util.List;
import org.jspecify.annotations.Nullable;
import presence.protocol.Position;

/// Messages that go out together, in this order. What many sockets are sent is joined to a frame
/// once.
public final class Batch {
  private final List<Encoded> messages;
  private final int bytes;
  private final @Nullable Position at;
  private final @Nullable String openTo;

  /// Made by whoever needs it first; two that need it at once may both make it, and make the same.
  private @Nullable Payload frame;

  public Batch(List<Encoded> messages) {
    int size = 0;
    Position end = null;
    for (Encoded message : messages) {
      size += message.bytes();
      end = message.at() == null ? end : message.at();
    }
    this.messages = messages;
    this.bytes = size;
    this.at = end;
    this.openTo = Encoded.openTo(messages);
  }

  List<Encoded> messages() {
    return messages;
  }

  /// Without what joins them.
  int bytes() {
    return bytes;
  }

  /// The instance whose members may all read it.
  @Nullable String openTo() {
    return openTo;
  }

  /// The place in the stream after all of them; nothing = they lead to none.
  @Nullable Position at() {
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
