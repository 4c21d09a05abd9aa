package presence.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/// What lies between hosts. It delays, loses, repeats and reorders, by chance as its [Conditions]
/// say and on purpose as its rules say. From one host to one destination messages keep their order
/// unless the conditions allow otherwise.
///
/// What an entity is sent from its own host arrives at once and for certain, as it would within a
/// process.
public final class Network {

  /// How messages travel.
  ///
  /// @param delayMin the shortest way
  /// @param delayMax the longest
  /// @param loss probability that a message does not arrive
  /// @param repetition probability that it arrives twice
  /// @param disorder probability that it does not wait for earlier ones
  public record Conditions(
      Duration delayMin, Duration delayMax, double loss, double repetition, double disorder) {

    /// Every message arrives once, in order, after a millisecond.
    public static final Conditions CALM =
        new Conditions(Duration.ofMillis(1), Duration.ofMillis(1), 0, 0, 0);

    public Conditions withDelay(Duration min, Duration max) {
      return new Conditions(min, max, loss, repetition, disorder);
    }

    public Conditions withLoss(double probability) {
      return new Conditions(delayMin, delayMax, probability, repetition, disorder);
    }

    public Conditions withRepetition(double probability) {
      return new Conditions(delayMin, delayMax, loss, probability, disorder);
    }

    public Conditions withDisorder(double probability) {
      return new Conditions(delayMin, delayMax, loss, repetition, probability);
    }
  }

  /// A message on its way, as rules see it.
  ///
  /// @param to the actor's name, or `type/id` of an entity
  public record Letter(Host from, String to, Object message) {}

  /// What a rule does to a message.
  ///
  /// @param copies how often it arrives
  /// @param delay how much longer than otherwise it takes, without making later ones wait
  public record Fate(int copies, Duration delay) {
    public static final Fate LOST = new Fate(0, Duration.ZERO);
    public static final Fate TWICE = new Fate(2, Duration.ZERO);

    public static Fate late(Duration by) {
      return new Fate(1, by);
    }
  }

  private final World world;
  private final Map<Lane, Long> arrivals = new HashMap<>();
  private final List<Rule> rules = new ArrayList<>();
  private final Set<Lane> cuts = new HashSet<>();
  private Conditions conditions = Conditions.CALM;

  Network(World world) {
    this.world = world;
  }

  /// From now on so.
  public void conditions(Conditions now) {
    conditions = now;
  }

  /// The next message of a kind gets this fate.
  public void once(Predicate<Letter> kind, Fate fate) {
    rules.add(new Rule(kind, fate, true));
  }

  /// Every message of a kind gets this fate, until it is calm.
  public void always(Predicate<Letter> kind, Fate fate) {
    rules.add(new Rule(kind, fate, false));
  }

  /// Nothing passes between two hosts any more. What is on its way arrives.
  public void cut(Host one, Host other) {
    world.trace().note("%s and %s are cut off from each other", one, other);
    cuts.add(new Lane(one, other));
    cuts.add(new Lane(other, one));
  }

  /// Everything passes again.
  public void heal() {
    cuts.clear();
  }

  /// No rule, no cut, calm conditions.
  public void calm() {
    rules.clear();
    heal();
    conditions(Conditions.CALM);
  }

  /// How long a message takes, drawn anew.
  Duration delay() {
    var min = conditions.delayMin.toNanos();
    var spread = conditions.delayMax.toNanos() - min;
    return Duration.ofNanos(min + (spread > 0 ? world.chance().nextLong(spread + 1) : 0));
  }

  void send(Host from, Destination to, Object message) {
    if (from.crashed()) {
      return;
    }
    var neutral = world.locations().neutral(message, from);
    var host = to.host();
    if (host == from) {
      to.accept(neutral);
      return;
    }
    var fate = fate(from, to, neutral);
    if (fate.copies == 0 || (host != null && cuts.contains(new Lane(from, host)))) {
      world.trace().note("%s -> %s lost: %s", from, to, neutral);
      return;
    }
    if (fate.copies > 1) {
      world.trace().note("%s -> %s %s times: %s", from, to, fate.copies, neutral);
    }
    for (var copy = 0; copy < fate.copies; copy++) {
      world.time().owe(arrival(from, to, fate), () -> to.accept(neutral));
    }
  }

  private Fate fate(Host from, Destination to, Object message) {
    if (!rules.isEmpty()) {
      var letter = new Letter(from, to.toString(), message);
      var rule = rules.stream().filter(one -> one.kind.test(letter)).findFirst();
      if (rule.isPresent()) {
        if (rule.get().once) {
          rules.remove(rule.get());
        }
        return rule.get().fate;
      }
    }
    if (world.chance().happens(conditions.loss)) {
      return Fate.LOST;
    }
    return world.chance().happens(conditions.repetition) ? Fate.TWICE : new Fate(1, Duration.ZERO);
  }

  private long arrival(Host from, Destination to, Fate fate) {
    var at = world.time().nanos() + delay().toNanos();
    if (!fate.delay.isZero() || world.chance().happens(conditions.disorder)) {
      return at + fate.delay.toNanos();
    }
    return arrivals.merge(new Lane(from, to), at, Math::max);
  }

  private record Lane(Host from, Object to) {}

  private record Rule(Predicate<Letter> kind, Fate fate, boolean once) {}
}
