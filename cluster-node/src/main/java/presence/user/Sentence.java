package presence.user;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import presence.cluster.Remote;

/// What operators laid on a person, in milliseconds since 1970.
///
/// @param until when it ends; [#FOR_GOOD] = never
/// @param reason for operators; the person is not told
/// @param since when it was laid on them, in this form
public record Sentence(long until, @Nullable String reason, long since) implements Remote {

  /// Beyond every clock there will be, and within what JavaScript counts exactly.
  public static final long FOR_GOOD = (1L << 53) - 1;

  static final int BYTES_PER_CHARACTER = 4;
  private static final int BYTES = 64; // of its names and numbers

  int weight() {
    return BYTES + (reason == null ? 0 : reason.length() * BYTES_PER_CHARACTER);
  }

  public boolean isInForce(long now) {
    return now < until;
  }

  /// Whether the other says nothing else, whenever it was said.
  boolean saysWhat(Sentence other) {
    return until == other.until && Objects.equals(reason, other.reason);
  }
}
