package presence.load.scenarios;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import presence.load.check.Rule;
import presence.load.storm.Guest;

/// Everybody is somewhere else all the time, and looks or looks away.
final class LocationChurn implements Scenario {
  /// Below the 20 changes a second beyond which a node joins them.
  private static final Duration BEAT = Duration.ofMillis(100);

  private static final String NOWHERE = "";

  @Override
  public String name() {
    return "location-churn";
  }

  @Override
  public String invariant() {
    return "after many changes of places the here-set is exactly who looks";
  }

  @Override
  public String play(Stage stage) {
    List<Guest> members = stage.cast().members(stage.users());
    List<String> places = new ArrayList<>(List.of(NOWHERE, "elsewhere", stage.instance()));
    List.of("~a", ":b", "/c", "x").forEach(end -> places.add(stage.instance() + end));
    AtomicInteger changes = new AtomicInteger();
    stage.repeats(
        BEAT,
        _ -> {
          Guest member = members.get(stage.random().nextInt(members.size()));
          if (stage.random().nextInt(3) == 0) {
            member.turn();
          } else {
            String place = places.get(stage.random().nextInt(places.size()));
            member.goes(place.equals(NOWHERE) ? null : place);
          }
          changes.incrementAndGet();
        });
    stage.prove(Rule.SUBSET, Rule.COUNTS, Rule.SAME, Rule.VISIBLE, Rule.QUIET);
    return "%,d members changed places or looked away %,d times"
        .formatted(members.size(), changes.get());
  }
}
