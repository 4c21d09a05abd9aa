package presence.datagram;

import java.util.Arrays;

/// Which of the newest numbers have come: each is let through once, in whatever order they come.
/// What is older than the window is refused unseen. For one thread at a time.
public final class ReplayWindow {
  /// How far a datagram may fall behind the newest: seconds of the busiest client.
  public static final int WIDTH = 1_024;

  private final long[] seen = new long[WIDTH / Long.SIZE];
  private long newest;

  /// Lets a number through that never came before.
  public boolean admit(long number) {
    if (number <= 0 || number <= newest - WIDTH) {
      return false;
    }
    if (number > newest) {
      advance(number);
    } else if (isSeen(number)) {
      return false;
    }
    seen[word(number)] |= 1L << number;
    return true;
  }

  /// The highest number that came; 0 before the first.
  public long newest() {
    return newest;
  }

  /// The places between the newest and this number have been those of numbers now too old.
  private void advance(long number) {
    if (number - newest >= WIDTH) {
      Arrays.fill(seen, 0);
    } else {
      for (long ahead = number - newest; ahead > 0; ahead--) {
        seen[word(newest + ahead)] &= ~(1L << (newest + ahead));
      }
    }
    newest = number;
  }

  private boolean isSeen(long number) {
    return (seen[word(number)] & 1L << number) != 0;
  }

  private static int word(long number) {
    return (int) (number % WIDTH) / Long.SIZE;
  }
}
