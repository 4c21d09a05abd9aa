package presence.gateway;

import java.util.function.UnaryOperator;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/// What one text frame says, and the frame that a wire makes of it: once, however many sockets it
/// goes to.
public final class Payload {
  /// What is shorter is not worth it: it goes out in one packet anyway.
  static final int COMPRESSED_MIN = 1_024;

  private final ByteString utf8;
  private final @Nullable String openTo;

  /// Made by whoever needs it first; two that need it at once may both make it, and make the same.
  private @Nullable ByteString frame;

  private @Nullable ByteString compressed;

  /// What is said to one client.
  public Payload(ByteString utf8) {
    this(utf8, null);
  }

  /// @param openTo the instance whose members may all read it: nothing of it is a secret that the
  ///   length of what it is compressed to could give away to who wrote the rest of it. Absent = one
  ///   client alone, or those of several instances
  public Payload(ByteString utf8, @Nullable String openTo) {
    this.utf8 = utf8;
    this.openTo = openTo;
  }

  @Nullable String openTo() {
    return openTo;
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

  /// Whether it may be compressed, and is long enough.
  public boolean isCompressible() {
    return openTo != null && utf8.size() >= COMPRESSED_MIN;
  }

  /// The compressed frame, by this framing, which must be the same one each time.
  public ByteString compressed(UnaryOperator<ByteString> framing) {
    ByteString made = compressed;
    if (made == null) {
      made = framing.apply(utf8);
      compressed = made;
    }
    return made;
  }
}
