package presence.load.scenarios;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import presence.client.BackOff;
import presence.load.check.Findings;
import presence.load.check.Proof;
import presence.load.check.Rule;
import presence.load.record.Recorder;
import presence.load.record.Recording;
import presence.load.storm.Guest;
import presence.protocol.Position;
import presence.protocol.View;

/// The honest clients of one scenario: members of its instance, who write down everything. What
/// they wrote is the proof of what must hold.
final class Cast implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration QUIET_FOR = Duration.ofMillis(1_500);

  /// As impatient as a client can be: what nobody may see comes more often.
  private static final BackOff BACK_OFF =
      new BackOff(Duration.ofMillis(10), Duration.ofMillis(500));

  private final Stage stage;
  private final String name;
  private final Path directory;
  private final List<Guest> guests = new ArrayList<>();
  private int tokenBatches;

  Cast(Stage stage, String name, Path directory) {
    this.stage = stage;
    this.name = name;
    this.directory = directory;
  }

  /// Persons of their own who have joined and see all of each other.
  List<Guest> members(int count) {
    String prefix = nextPrefix();
    List<String> tokens = stage.rest().tokens(prefix, count);
    List<Guest> some = new ArrayList<>();
    for (int number = 0; number < count; number++) {
      some.add(create("@" + prefix + '-' + number, tokens.get(number)));
    }
    all(some.stream().map(Guest::come).toList(), "join");
    stage.await(PATIENCE, () -> cut() != null, "everybody stands at the same cut");
    return some;
  }

  Guest member() {
    return members(1).getFirst();
  }

  /// One more session of somebody's person, who has joined.
  Guest anotherOf(Guest guest) {
    Guest other = create(guest.role().handle(), guest.role().token());
    all(List.of(other.come()), "join");
    return other;
  }

  private Guest create(@Nullable String handle, @Nullable String token) {
    String file = "c%03d".formatted(guests.size());
    Guest guest =
        new Guest(
            new Guest.Role(file, handle, token, List.of(stage.instance()), 0, false),
            List.of(stage.node()),
            Recorder.create(directory.resolve(file + ".jsonl"), InstantSource.system()),
            stage.terms().grace().toMillis(),
            BACK_OFF);
    guests.add(guest);
    return guest;
  }

  /// The tokens of so many persons who have not come.
  List<String> tokens(int count) {
    return stage.rest().tokens(nextPrefix(), count);
  }

  private String nextPrefix() {
    return name + '-' + ++tokenBatches;
  }

  /// Waits until all of these are there.
  static void all(List<? extends CompletableFuture<?>> some, String what) {
    try {
      CompletableFuture.allOf(some.toArray(CompletableFuture[]::new))
          .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new Broken("somebody could not " + what + ": " + e.getCause());
    } catch (TimeoutException e) {
      throw new Broken("not everybody could " + what);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /// Waits until nobody waits for anything and all stand at the same cut, and stay there: longer
  /// than anything that is known to the node can be on its way.
  void awaitQuiet() {
    AtomicReference<@Nullable Position> at = new AtomicReference<>();
    AtomicLong since = new AtomicLong();
    stage.await(
        PATIENCE,
        () -> {
          Position now = cut();
          if (now == null || !now.equals(at.getAndSet(now))) {
            since.set(System.nanoTime());
          }
          return System.nanoTime() - since.get() >= QUIET_FOR.toNanos();
        },
        "everybody is quiet at the same cut");
  }

  /// Where all stand; nothing if they do not stand together or somebody waits for an answer.
  private @Nullable Position cut() {
    Set<Position> cuts = new HashSet<>();
    for (Guest guest : guests) {
      if (!guest.isGone()) {
        View view = guest.view(stage.instance());
        if (!guest.isSettled() || view == null) {
          return null;
        }
        cuts.add(view.at());
      }
    }
    return cuts.size() == 1 ? cuts.iterator().next() : null;
  }

  /// Ends the recordings when everybody is quiet, and proves every rule over them.
  ///
  /// @return the recordings
  List<Recording> prove(Rule... tested) {
    awaitQuiet();
    guests.forEach(Guest::finish);
    List<Recording> recordings = Recording.ofAll(directory);
    Findings findings = Proof.of(recordings).findings();
    for (Rule rule : Rule.values()) {
      List<String> violations = findings.violations(rule);
      if (!violations.isEmpty()) {
        throw new Broken(
            "%s: %,d times not, first %s"
                .formatted(rule.promise().strip(), violations.size(), violations.getFirst()));
      }
    }
    String untested =
        Arrays.stream(tested)
            .filter(rule -> findings.checked(rule) == 0)
            .map(Rule::name)
            .collect(Collectors.joining(", "));
    stage.must(untested.isEmpty(), "nothing put these rules to the test: " + untested);
    return recordings;
  }

  @Override
  public void close() {
    guests.forEach(Guest::finish);
    guests.forEach(Guest::leave);
  }
}
