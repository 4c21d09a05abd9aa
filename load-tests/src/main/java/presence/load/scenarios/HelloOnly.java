package presence.load.scenarios;

import java.time.Duration;
import java.util.List;
import presence.load.Rest;
import presence.load.check.Rule;
import presence.load.storm.Guest;
import presence.protocol.View;

/// Persons say hello and nothing else, not even an answer to a ping.
final class HelloOnly implements Scenario {
  @Override
  public String name() {
    return "hello-only";
  }

  @Override
  public String invariant() {
    return "who says hello and nothing else is in no list and no count, and is ended";
  }

  @Override
  public String play(Stage stage) {
    List<Guest> witnesses = stage.cast().members(stage.users());
    stage.cast().awaitQuiet();
    View before = stage.view(witnesses.getFirst());
    List<Rogue> mute =
        stage.tokens(stage.users()).stream()
            .map(token -> {
              Rogue rogue = stage.rogue();
              rogue.hello(token);
              return rogue;
            })
            .toList();
    Rest.Listed listed = stage.rest().roster(stage.instance());
    stage.must(
        listed.online().equals(before.online().keySet()) && listed.here().equals(before.here()),
        "the list says " + listed + ", members see " + before);
    Duration within = stage.terms().ping().multipliedBy(2).plus(Stage.LATE_MAX);
    mute.forEach(each -> each.closeCode(within));
    stage.cast().awaitQuiet();
    stage.must(
        stage.view(witnesses.getFirst()).at().equals(before.at()),
        "members were told something: " + stage.view(witnesses.getFirst()).at());
    stage.prove(Rule.QUIET);
    return "%,d persons said hello and nothing else".formatted(mute.size());
  }
}
