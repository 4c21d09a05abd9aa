package presence.gateway;

import java.util.Map;

/// How many datagrams came and went since the node started.
///
/// @param paths connections that have a ticket now
/// @param accepted of those that came: authentic, fresh and legible
/// @param sentBytes of all that were sent
/// @param unsent what the network did not take
/// @param dropped of those that came, by the reason
public record Traffic(
    int paths, long accepted, long sent, long sentBytes, long unsent, Map<Drop, Long> dropped) {
  /// Nothing came, nothing went.
  public static final Traffic NONE = new Traffic(0, 0, 0, 0, 0, Map.of());

  public Traffic {
    dropped = Map.copyOf(dropped);
  }

  /// Why a datagram was dropped; in the order in which it is found out.
  public enum Drop {
    /// Longer than any datagram of the protocol.
    OVERSIZED,
    /// Too short, of another version, or of a kind that clients do not send.
    MALFORMED,
    /// Of a ticket that this node did not give, or not to a connection that still is.
    UNKNOWN_TICKET,
    /// Not sealed by the ticket's key.
    FORGED,
    /// It had come before, or is too old to tell.
    REPLAYED,
    /// Authentic, but what it says is nothing.
    ILLEGIBLE,
    /// A move that a newer one had overtaken, or in more worlds at once than anybody is in.
    OVERTAKEN
  }
}
