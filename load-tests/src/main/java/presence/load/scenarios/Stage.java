package presence.load.scenarios;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import java.util.random.RandomGenerator;
import presence.load.Rest;
import presence.load.Swarm;
import presence.load.check.Rule;
import presence.load.storm.Guest;
import presence.protocol.View;

/// What one run of a scenario has: a node, an instance of its own, and clients.
final class Stage implements AutoCloseable {
  /// By how much a busy machine may be late with something that has a deadline.
  static final Duration LATE_MAX = Duration.ofSeconds(10);

  private static final Duration LOOK_EVERY = Duration.ofMillis(20);

  private final URI node;
  private final Terms terms;
  private final Options options;
  private final RandomGenerator random;
  private final Rest rest;
  private final Swarm swarm;
  private final Cast cast;
  private final String instance;

  /// @param name of the scenario, unlike that of any other run on this node
  /// @param directory for what its honest clients write down
  Stage(
      String name, URI node, Terms terms, Options options, RandomGenerator random, Path directory) {
    this.node = node;
    this.terms = terms;
    this.options = options;
    this.random = random;
    this.rest = new Rest(node);
    this.swarm = Swarm.of(node);
    this.instance = name;
    this.cast = new Cast(this, name, directory);
  }

  URI node() {
    return node;
  }

  Terms terms() {
    return terms;
  }

  RandomGenerator random() {
    return random;
  }

  Rest rest() {
    return rest;
  }

  /// The instance in which it plays.
  String instance() {
    return instance;
  }

  /// How many honest members there are.
  int users() {
    return options.users();
  }

  /// How long its busy part lasts.
  Duration time() {
    return Duration.ofSeconds(options.seconds());
  }

  /// The honest clients.
  Cast cast() {
    return cast;
  }

  /// One that may do what it likes, with an open socket.
  Rogue rogue() {
    return Rogue.comes(swarm);
  }

  /// The tokens of so many new persons.
  List<String> tokens(int count) {
    return cast.tokens(count);
  }

  /// Says that something must be so.
  void must(boolean holds, String otherwise) {
    if (!holds) {
      throw new Broken(otherwise);
    }
  }

  /// Waits until something is so.
  void await(Duration within, BooleanSupplier holds, String what) {
    long end = System.nanoTime() + within.toNanos();
    while (!holds.getAsBoolean()) {
      must(System.nanoTime() < end, "%s: not within %d s".formatted(what, within.toSeconds()));
      pass(LOOK_EVERY);
    }
  }

  /// Waits until nobody sees a person any more whose socket is gone by now at the latest.
  void awaitLeave(List<Guest> witnesses, Guest gone) {
    await(
        terms.grace().plus(LATE_MAX),
        () ->
            witnesses.stream()
                .map(each -> each.view(instance))
                .allMatch(view -> view != null && !view.online().containsKey(gone.person())),
        gone.role().name() + " is seen to leave");
  }

  /// Does something over and over for the time of the busy part.
  void repeats(Duration every, IntConsumer action) {
    long start = System.nanoTime();
    for (int turn = 0; System.nanoTime() - start < time().toNanos(); turn++) {
      long began = System.nanoTime();
      action.accept(turn);
      pass(every.minusNanos(System.nanoTime() - began));
    }
  }

  private static void pass(Duration time) {
    try {
      TimeUnit.NANOSECONDS.sleep(time.toNanos());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /// Where the instance stands for a client.
  View view(Guest guest) {
    View view = guest.view(instance);
    if (view == null) {
      throw new Broken(guest.role().name() + " has no view");
    }
    return view;
  }

  /// Ends it when everybody is quiet, and proves all rules over what the honest clients wrote down.
  ///
  /// @param tested rules that this must have put to the test
  void prove(Rule... tested) {
    cast.prove(tested);
  }

  @Override
  public void close() {
    cast.close();
    swarm.close();
    rest.close();
  }
}
