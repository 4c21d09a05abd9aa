package presence.load.scenarios;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import presence.load.check.Rule;
import presence.load.storm.Guest;
import presence.protocol.CloseCode;

/// Sockets on which nothing is said, beside people who talk.
final class NoHello implements Scenario {
  private static final int SOCKETS_A_USER = 5;

  /// By how much a clock of a node and one of a client may differ over seconds.
  private static final Duration EARLY_MAX = Duration.ofMillis(500);

  @Override
  public String name() {
    return "no-hello";
  }

  @Override
  public String invariant() {
    return "a socket without a hello is closed 4401 at its deadline, and people talk all the same";
  }

  @Override
  public String play(Stage stage) {
    List<Guest> members = stage.cast().members(stage.users());
    long start = System.nanoTime();
    List<Rogue> silent =
        IntStream.range(0, stage.users() * SOCKETS_A_USER).mapToObj(_ -> stage.rogue()).toList();
    Duration deadline = stage.terms().hello();
    Cast.all(members.stream().map(each -> each.say(stage.instance(), "")).toList(), "be heard");
    stage.must(
        silent.stream().noneMatch(Rogue::isClosed)
            || System.nanoTime() - start > deadline.minus(EARLY_MAX).toNanos(),
        "a socket was closed before its deadline");
    for (Rogue each : silent) {
      int code = each.closeCode(deadline.plus(Stage.LATE_MAX));
      stage.must(code == CloseCode.NO_HELLO.code(), "a socket without a hello was closed " + code);
    }
    stage.prove(Rule.CHAT_LOST, Rule.GAP, Rule.QUIET);
    return "%,d sockets said nothing while %,d members talked"
        .formatted(silent.size(), members.size());
  }
}
