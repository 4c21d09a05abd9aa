package presence.load.scenarios;

import java.time.Duration;
import java.util.List;
import presence.load.check.Rule;
import presence.load.storm.Guest;
import presence.protocol.Counts;
import presence.protocol.View;

/// Persons open a second tab, close the first, and then the second.
final class TwoTabs implements Scenario {
  private static final Duration TOLD_WITHIN = Duration.ofSeconds(20);

  @Override
  public String name() {
    return "two-tabs";
  }

  @Override
  public String invariant() {
    return "two tabs are one person: it comes with the first, goes with the last, and counts once";
  }

  @Override
  public String play(Stage stage) {
    List<Guest> witnesses = stage.cast().members(stage.users());
    List<Guest> tabs = stage.cast().members(stage.users());
    List<Guest> others = tabs.stream().map(stage.cast()::anotherOf).toList();
    int persons = witnesses.size() + tabs.size();
    counts(stage, witnesses, new Counts(persons, persons, persons + others.size(), 0));
    Cast.all(tabs.stream().map(Guest::bye).toList(), "say bye");
    counts(stage, witnesses, new Counts(persons, persons, persons, 0));
    others.forEach(Guest::turn);
    counts(stage, witnesses, new Counts(persons, witnesses.size(), persons, 0));
    Cast.all(others.stream().map(Guest::bye).toList(), "say bye");
    int rest = witnesses.size();
    counts(stage, witnesses, new Counts(rest, rest, rest, 0));
    stage.prove(Rule.ALTERNATION, Rule.COUNTS, Rule.VISIBLE, Rule.QUIET);
    return "%,d persons had two tabs each".formatted(tabs.size());
  }

  private static void counts(Stage stage, List<Guest> witnesses, Counts counts) {
    stage.await(
        TOLD_WITHIN,
        () -> witnesses.stream().map(stage::view).map(View::counts).allMatch(counts::equals),
        "all see " + counts);
  }
}
