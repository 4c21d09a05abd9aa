package presence.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Plays a scenario for many seeds and checks what must hold. The first run in which it does not
/// hold is shortened, and reported with its seed, the fewest steps found that still break the same,
/// as Java for [#replay], and the end of the trace.
///
/// `-Dpresence.seeds=N` plays that many seeds instead; `-Dpresence.seed=S` plays only that one.
public final class Simulation<W, S> {

  private static final int SHRINKING_TRIES = 400;
  private static final int TRACE_LINES = 80;

  // Long enough for some messages and writes of a step to be still on their way at the next one.
  private static final Duration PAUSE_MAX = Duration.ofMillis(60);

  private final Scenario<W, S> scenario;
  private long deliveries;

  public Simulation(Scenario<W, S> scenario) {
    this.scenario = scenario;
  }

  /// Plays the seeds from 1 on, or what the command line asks for.
  public void check(int seeds) {
    var only = Long.getLong("presence.seed");
    if (only != null) {
      check(only);
      return;
    }
    var many = Integer.getInteger("presence.seeds", seeds);
    for (var seed = 1L; seed <= many; seed++) {
      check(seed);
    }
  }

  /// Plays given steps with the chance of a seed.
  public void replay(long seed, List<Planned<S>> steps) {
    var broken = play(seed, steps);
    if (broken.isPresent()) {
      throw report(seed, steps.size(), broken.get(), steps);
    }
  }

  /// Everything that happens in the run of a seed.
  public List<String> record(long seed) {
    var lines = new ArrayList<String>();
    var _ = play(seed, plan(seed), lines);
    return lines;
  }

  /// Messages delivered to actors in all runs so far.
  public long deliveries() {
    return deliveries;
  }

  private void check(long seed) {
    var steps = plan(seed);
    var broken = play(seed, steps);
    if (broken.isPresent()) {
      throw shrunk(seed, steps, broken.get());
    }
  }

  private List<Planned<S>> plan(long seed) {
    var steps = scenario.steps(new Chance(seed));
    return IntStream.range(0, steps.size()).mapToObj(n -> Planned.at(n, steps.get(n))).toList();
  }

  private AssertionError shrunk(long seed, List<Planned<S>> steps, Broken broken) {
    var shrinker =
        new Shrinker<Planned<S>>(
            some -> play(seed, some).map(Broken::what).equals(Optional.of(broken.what)),
            SHRINKING_TRIES);
    var fewest = shrinker.shrink(steps.subList(0, broken.performed));
    return report(seed, steps.size(), play(seed, fewest).orElse(broken), fewest);
  }

  private Optional<Broken> play(long seed, List<Planned<S>> steps) {
    return play(seed, steps, null);
  }

  private Optional<Broken> play(
      long seed, List<Planned<S>> steps, @Nullable List<String> recording) {
    return RunThread.call(() -> playHere(seed, steps, recording));
  }

  private Optional<Broken> playHere(
      long seed, List<Planned<S>> steps, @Nullable List<String> recording) {
    try (var world = World.open(seed)) {
      var performed = 0;
      try {
        if (recording != null) {
          world.trace().keepAll();
        }
        // Threads mostly take turns, so some seeds do too.
        if (seed % 4 != 0) {
          world.shuffle();
        }
        var stage = scenario.open(world);
        for (var step : steps) {
          performed++;
          perform(world, seed, stage, step);
        }
        end(world, seed, stage);
        return Optional.empty();
      } catch (BrokenInvariant broken) {
        return Optional.of(broken(broken.name, performed, broken.getCause(), world));
      } catch (RuntimeException | AssertionError failure) {
        return Optional.of(
            broken(
                "the run ends without " + failure.getClass().getSimpleName(),
                performed,
                failure,
                world));
      } finally {
        deliveries += world.deliveries();
        if (recording != null) {
          recording.addAll(world.trace().lines());
        }
      }
    }
  }

  private void perform(World world, long seed, W stage, Planned<S> step) {
    var chance = world.chance();
    chance.reseed(Chance.seed(seed, step.n()));
    world.trace().note("--- step %s: %s", step.n(), step.step());
    scenario.perform(stage, step.step());
    if (chance.nextBoolean()) {
      world.settle();
    } else {
      world.run(Duration.ofNanos(chance.nextLong(PAUSE_MAX.toNanos())));
    }
    verify(world, stage, scenario.always());
  }

  private void end(World world, long seed, W stage) {
    world.chance().reseed(Chance.seed(seed, -1));
    world.trace().note("--- calm");
    world.calm();
    world.run(scenario.calm());
    verify(world, stage, scenario.always());
    verify(world, stage, scenario.onceQuiet());
  }

  private void verify(World world, W stage, List<Scenario.Invariant<W>> invariants) {
    var failures = world.failures();
    if (!failures.isEmpty()) {
      throw new BrokenInvariant("no actor fails", new AssertionError(failures.getFirst()));
    }
    for (var invariant : invariants) {
      try {
        invariant.check().accept(stage);
      } catch (RuntimeException | AssertionError e) {
        throw new BrokenInvariant(invariant.name(), e);
      }
    }
  }

  private static Broken broken(String what, int performed, @Nullable Throwable cause, World world) {
    return new Broken(what, performed, cause, world.trace().lines(TRACE_LINES));
  }

  private AssertionError report(long seed, int planned, Broken broken, List<Planned<S>> steps) {
    var text =
        """
        Broken: %s
        %s

        seed %d, %d of its %d steps; the same again with -Dpresence.seed=%d or

        simulation.replay(%dL, List.of(
        %s));

        The last %d entries of the trace:
        %s
        """
            .formatted(
                broken.what,
                broken.cause == null ? "" : broken.cause.getMessage(),
                seed,
                steps.size(),
                planned,
                seed,
                seed,
                steps.stream().map(step -> "    " + step).collect(Collectors.joining(",\n")),
                broken.trace.size(),
                String.join("\n", broken.trace));
    return new AssertionError(text, broken.cause);
  }

  /// How a run broke.
  ///
  /// @param what the name of what should hold
  /// @param performed how many steps were performed
  private record Broken(
      String what, int performed, @Nullable Throwable cause, List<String> trace) {}

  private static final class BrokenInvariant extends RuntimeException {
    private final String name;

    BrokenInvariant(String name, Throwable cause) {
      super(name, cause);
      this.name = name;
    }
  }
}
