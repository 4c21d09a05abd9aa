package presence.ops.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToIntFunction;
import presence.world.WorldMeter;

/// The worlds of a node, wherever their clients are.
public final class WorldMetrics implements WorldMeter {
  private record Standing(int avatars, int ghosts) {}

  private final Map<String, Standing> standings = new ConcurrentHashMap<>();
  private final Counter batches;
  private final Counter moves;

  WorldMetrics(MeterRegistry registry) {
    Gauge.builder("presence.worlds", standings, Map::size)
        .description("Worlds in the memory of this node")
        .register(registry);
    avatars(registry, "present", each -> each.avatars() - each.ghosts());
    avatars(registry, "ghost", Standing::ghosts);
    batches =
        Counter.builder("presence.world.batches")
            .description("Batches of moves that worlds told relays: one a tick and node")
            .register(registry);
    moves =
        Counter.builder("presence.world.batched.moves")
            .description("Moves in those batches: the newest of each avatar")
            .register(registry);
  }

  private void avatars(MeterRegistry registry, String state, ToIntFunction<Standing> count) {
    Gauge.builder(
            "presence.world.avatars", standings, all -> all.values().stream().mapToInt(count).sum())
        .description("Avatars in the worlds of this node; a ghost's client has no socket")
        .tag("state", state)
        .register(registry);
  }

  @Override
  public void stands(String piece, int avatars, int ghosts) {
    standings.put(piece, new Standing(avatars, ghosts));
  }

  @Override
  public void left(String piece) {
    standings.remove(piece);
  }

  @Override
  public void tells(int relays, int told) {
    batches.increment(relays);
    moves.increment((double) relays * told);
  }
}
