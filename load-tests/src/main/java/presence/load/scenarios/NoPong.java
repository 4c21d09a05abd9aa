package presence.load.scenarios;

import java.time.Duration;
import java.util.List;
import presence.load.check.Rule;
import presence.load.storm.Guest;

/// Members fall silent: their sockets stay, but nothing answers the node's pings.
final class NoPong implements Scenario {
  @Override
  public String name() {
    return "no-pong";
  }

  @Override
  public String invariant() {
    return "who answers no ping is ended after two ping periods, and leaves once after the grace";
  }

  @Override
  public String play(Stage stage) {
    List<Guest> witnesses = stage.cast().members(stage.users());
    List<Guest> silent = stage.cast().members(Math.max(1, stage.users() / 4));
    stage.cast().awaitQuiet();
    silent.forEach(each -> each.goesAstray().mute());
    Duration within = stage.terms().ping().multipliedBy(2).plus(Stage.LATE_MAX);
    for (Guest each : silent) {
      stage.await(within, () -> !each.isOpen(), each.role().name() + " is ended");
    }
    silent.forEach(each -> stage.awaitLeave(witnesses, each));
    stage.prove(Rule.VISIBLE, Rule.ALTERNATION, Rule.COUNTS, Rule.QUIET);
    return "%,d of %,d members answered no ping any more"
        .formatted(silent.size(), witnesses.size() + silent.size());
  }
}
