package presence.load.scenarios;

import java.time.Duration;
import java.util.List;
import presence.load.check.Rule;
import presence.load.storm.Guest;
import presence.protocol.ClientMessage.Resume;
import presence.protocol.CloseCode;
import presence.protocol.ServerMessage.Welcome;
import presence.protocol.View;

/// One resume token on several sockets, one after the other.
final class Displaced implements Scenario {
  private static final int SOCKETS = 5;
  private static final Duration CLOSED_WITHIN = Duration.ofSeconds(20);

  @Override
  public String name() {
    return "displaced";
  }

  @Override
  public String invariant() {
    return "of several sockets of one session the newest has it, the others are closed 4409, and"
        + " nobody else notices";
  }

  @Override
  public String play(Stage stage) {
    List<Guest> witnesses = stage.cast().members(stage.users());
    Guest first = stage.cast().member();
    stage.cast().awaitQuiet();
    View before = stage.view(witnesses.getFirst());
    Rogue owner = stage.rogue();
    Welcome welcome = takes(stage, owner, first, first.resumeToken());
    stage.await(CLOSED_WITHIN, () -> !first.isOpen(), "the first socket is closed");
    stage.must(
        first.closeCode() == CloseCode.REPLACED.code(),
        "the first socket was closed " + first.closeCode());
    first.goesAstray();
    for (int number = 1; number < SOCKETS; number++) {
      Rogue next = stage.rogue();
      welcome = takes(stage, next, first, welcome.resume());
      int code = owner.closeCode(CLOSED_WITHIN);
      stage.must(code == CloseCode.REPLACED.code(), "an older socket was closed " + code);
      owner = next;
    }
    stage.must(
        stage.view(witnesses.getFirst()).at().equals(before.at()), "members were told something");
    owner.cut();
    stage.awaitLeave(witnesses, first);
    stage.prove(Rule.VISIBLE, Rule.ALTERNATION, Rule.QUIET);
    return "one session had %d sockets, one after the other".formatted(SOCKETS + 1);
  }

  private static Welcome takes(Stage stage, Rogue rogue, Guest owner, String token) {
    Welcome welcome = rogue.hello(owner.role().token(), new Resume(token, List.of()));
    stage.must(welcome.resumed(), "the session did not go on: " + welcome);
    return welcome;
  }
}
