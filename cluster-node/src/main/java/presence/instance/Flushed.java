package presence.instance;

import java.util.List;
import presence.cluster.Remote;
import presence.protocol.Member;

/// The one event of an instance: what one flush told, and the seq the stream has after it.
///
/// @param at milliseconds since 1970
public record Flushed(long at, long seq, List<Seat> seats, List<Speech> speeches)
    implements Remote {

  /// What a session said, under the id it gave it.
  public record Speech(String session, Member from, String text, String clientMessageId)
      implements Remote {}
}
