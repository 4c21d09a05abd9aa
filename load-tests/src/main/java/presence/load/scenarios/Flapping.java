package presence.load.scenarios;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import presence.load.check.Rule;
import presence.load.storm.Guest;

/// Half of the members leave and join again, over and over.
final class Flapping implements Scenario {
  /// Below the ten joins and leaves a second that a session may do.
  private static final Duration BEAT = Duration.ofMillis(300);

  @Override
  public String name() {
    return "flapping";
  }

  @Override
  public String invariant() {
    return "after many joins and leaves the counts and sets are exactly who is there";
  }

  @Override
  public String play(Stage stage) {
    List<Guest> members = stage.cast().members(stage.users());
    List<Guest> flapping = members.subList(0, members.size() / 2);
    AtomicInteger turns = new AtomicInteger();
    stage.repeats(
        BEAT,
        _ -> {
          Cast.all(flapping.stream().map(each -> each.leaves(stage.instance())).toList(), "leave");
          Cast.all(flapping.stream().map(each -> each.joins(stage.instance())).toList(), "join");
          turns.addAndGet(flapping.size());
        });
    stage.prove(Rule.COUNTS, Rule.ALTERNATION, Rule.SAME, Rule.VISIBLE, Rule.QUIET);
    return "%,d of %,d members left and joined again %,d times"
        .formatted(flapping.size(), members.size(), turns.get());
  }
}
