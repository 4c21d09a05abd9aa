package presence.load.peers;

import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What a run is asked for.
///
/// @param peers names of those who take part
/// @param parts of the whole
/// @param warm rounds that do not count, before the others: a server's code is compiled meanwhile
/// @param rounds each peer has, in turn
/// @param many members of the storm that only ours has
/// @param settle how long members are idle before what they hold is measured, and nobody is there
///   before they come
/// @param results where what was measured is written
/// @param add whether what is there already counts, too
public record Plan(
    List<String> peers,
    Set<Part> parts,
    int warm,
    int rounds,
    Size size,
    int many,
    Duration settle,
    Path results,
    boolean add) {
  /// What can be run by itself.
  public enum Part {
    /// Everything that happens in a room, each peer in turn.
    ROUNDS,
    /// The same storm with more members, ours alone.
    GROWTH,
    /// Rooms in which nothing happens, all peers at once.
    IDLE
  }

  static final List<String> ALL = List.of(Peer.OURS, Peer.NETTY, "ws", "Socket.IO", "CometD");

  /// As the system properties say.
  public static Plan asked() {
    Set<Part> parts =
        Stream.of(System.getProperty("parts", "rounds,growth,idle").split(","))
            .filter(part -> !part.isEmpty())
            .map(part -> Part.valueOf(part.toUpperCase(Locale.ROOT)))
            .collect(Collectors.toCollection(() -> EnumSet.noneOf(Part.class)));
    return new Plan(
        List.of(System.getProperty("peers", String.join(",", ALL)).split(",")),
        parts,
        Integer.getInteger("warm", 6),
        Integer.getInteger("rounds", 3),
        Size.of(Integer.getInteger("members", 1_000)),
        Integer.getInteger("many", 5_000),
        Duration.ofSeconds(Long.getLong("settle", 130)),
        Path.of(System.getProperty("results", "target/peers")),
        Boolean.getBoolean("add"));
  }

  /// A short run of some peers in a small room.
  public static Plan small(List<String> peers, int members, Path results) {
    return new Plan(
        peers,
        EnumSet.of(Part.ROUNDS),
        1,
        1,
        new Size(members, 10, 4, 40, 4, 100),
        members,
        Duration.ZERO,
        results,
        false);
  }

  /// The most people that any part has.
  int people() {
    int visitors = Math.max(Size.BUSY_VISITORS, size.changes());
    return Math.max(parts.contains(Part.GROWTH) ? many : 0, size.members() + visitors);
  }
}
