package presence.simulation;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/// What a [Simulation] plays: a stage with actors, steps that happen to them, and what must hold.
///
/// @param <W> the stage: whatever the steps and the invariants need to reach
/// @param <S> the steps: records of plain values, so that they can be printed, left out and pasted
///   into a test
public interface Scenario<W, S> {

  /// What must hold.
  ///
  /// @param check throws if it does not
  record Invariant<W>(String name, Consumer<W> check) {}

  /// The steps of one run. Each must make sense whatever steps are left out before it.
  List<S> steps(RandomGenerator chance);

  /// Sets the stage in a new world.
  W open(World world);

  /// Does one step. Time passes afterwards, not in it.
  void perform(W stage, S step);

  /// What must hold after every step.
  List<Invariant<W>> always();

  /// What must hold in the end, when network and journal were kind for [#calm()].
  List<Invariant<W>> onceQuiet();

  /// How long it may take until everything is as it should be.
  default Duration calm() {
    return Duration.ofMinutes(5);
  }
}
