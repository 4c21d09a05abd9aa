package presence.ops;

import java.util.List;
import java.util.Map;
import presence.cluster.Remote;
import presence.protocol.Counts;
import presence.protocol.Position;

/// What a node says of itself to operators.
///
/// @param node its address among the nodes
/// @param startedAt milliseconds since 1970
/// @param shards how many it has, by the kind of their entities
/// @param instances the largest it has
/// @param samples its totals every few seconds, oldest first
public record NodeReport(
    String node,
    String version,
    long startedAt,
    boolean draining,
    Sessions sessions,
    Map<String, Integer> shards,
    List<Room> instances,
    List<SlowFlushes.Slow> slowest,
    List<RecentEnds.End> ends,
    List<Sample> samples)
    implements Remote {

  /// How many sessions a node has, and how many sockets.
  public record Sessions(long online, long inGrace, int connections) implements Remote {}

  /// An instance and how far its stream is.
  public record Room(String instance, Position at, Counts counts) implements Remote {}

  /// What a node has done since it started.
  ///
  /// @param at milliseconds since 1970
  /// @param changes what everybody in an instance was told, messages apart
  public record Sample(
      long at, long opened, long reattached, long ended, long changes, long messages, long direct)
      implements Remote {}
}
