package presence.gateway;

import java.util.function.UnaryOperator;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/// What one text frame says, and the frame that a wire makes of it: once, however many sockets it
/// goes to.
public final class Payload {
  private final ByteString utf8;

  /// Made by whoever needs it first; two that need it at once may both make it, and make the same.
  private @Nullable ByteString frame;

  public Payload(ByteString utf8) {
    this.utf8 = utf8;
  }

  public ByteString utf8() {
    return utf8;
  }

  /// The frame, by this framing, which must be the same one each time.
  public ByteString framed(UnaryOperator<ByteString> framing) {
    ByteString made = frame;
    if (made == null) {
      made = framing.apply(utf8);
      frame = made;
    }
    return made;
  }
}
