package presence.client;

import java.util.HashMap;
import java.util.Map;

/// Which of the others' moves are news, when some come as datagrams and some by the socket, and
/// either may overtake the other.
///
/// A move's number is its mover's own and begins anew with each of the mover's clients. So a lower
/// one is an old move only for as long as any may still be on its way; after that its mover has
/// begun anew. The socket is in order by itself: only a datagram can have overtaken what comes
/// there. Serial.
final class Newest {
  /// Longer than a datagram, or a segment that had to be sent again, is on its way.
  static final long OVERTAKING_MS = 1_000;

  private record Mark(long seq, boolean byDatagram, long at) {}

  private final Map<String, Mark> marks = new HashMap<>();
  private boolean needed;

  /// Whether this move is no older than what is known of the avatar; then it is what is known.
  boolean takes(String id, long seq, boolean byDatagram, long now) {
    needed |= byDatagram;
    if (!needed) {
      return true;
    }
    Mark mark = marks.get(id);
    if (mark != null && now - mark.at() < OVERTAKING_MS && isOld(seq, byDatagram, mark)) {
      return false;
    }
    marks.put(id, new Mark(seq, byDatagram, now));
    return true;
  }

  private static boolean isOld(long seq, boolean byDatagram, Mark mark) {
    return byDatagram ? seq <= mark.seq() : mark.byDatagram() && seq <= mark.seq();
  }

  /// The avatar's place was told by other means than a move.
  void forget(String id) {
    marks.remove(id);
  }

  void forgetAll() {
    marks.clear();
    needed = false;
  }
}
