package presence.load.scenarios;

import java.time.Duration;
import java.util.List;
import presence.load.check.Rule;
import presence.load.storm.Guest;
import presence.protocol.View;

/// A member loses its socket ten times a second and is back each time.
final class Reconnects implements Scenario {
  private static final Duration EVERY = Duration.ofMillis(100);
  private static final Duration BACK_MAX = Duration.ofSeconds(20);

  @Override
  public String name() {
    return "reconnects";
  }

  @Override
  public String invariant() {
    return "nobody is told anything of a member that loses its socket every 100 ms and comes back";
  }

  @Override
  public String play(Stage stage) {
    List<Guest> witnesses = stage.cast().members(stage.users());
    Guest restless = stage.cast().member();
    stage.cast().awaitQuiet();
    View before = stage.view(witnesses.getFirst());
    stage.repeats(
        EVERY,
        _ -> {
          stage.await(BACK_MAX, restless::isOpen, "the restless member is back");
          restless.drop();
        });
    stage.cast().awaitQuiet();
    int lost = restless.socketsLost();
    stage.must(lost > 2, "only %d sockets were lost".formatted(lost));
    for (Guest witness : witnesses) {
      stage.must(
          stage.view(witness).at().equals(before.at()),
          "%s stood at %s and stands at %s"
              .formatted(witness.role().name(), before.at(), stage.view(witness).at()));
    }
    stage.prove(Rule.SESSION, Rule.VISIBLE, Rule.QUIET);
    return "one member lost %,d sockets before the eyes of %,d others"
        .formatted(lost, witnesses.size());
  }
}
