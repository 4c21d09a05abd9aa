package presence.load.scenarios;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import presence.load.check.Rule;
import presence.load.storm.Guest;
import presence.protocol.ServerMessage.Said;

/// Everybody talks, says everything twice by the same id, and some lose their socket meanwhile.
final class ExactlyOnce implements Scenario {
  private static final int DROPS_OF_TEN = 3;

  /// A rate that every node allows, repeats included.
  private static final Duration BEAT = Duration.ofSeconds(2);

  @Override
  public String name() {
    return "chat";
  }

  @Override
  public String invariant() {
    return "each accepted chat message reaches every member once, for all in the same order";
  }

  @Override
  public String play(Stage stage) {
    List<Guest> members = stage.cast().members(stage.users());
    AtomicInteger words = new AtomicInteger();
    AtomicInteger drops = new AtomicInteger();
    stage.repeats(
        BEAT,
        _ -> {
          List<CompletableFuture<Said>> answers = new ArrayList<>();
          for (Guest member : members) {
            answers.add(member.say(stage.instance(), "").thenCompose(member::sayAgain));
            if (stage.random().nextInt(10) < DROPS_OF_TEN) {
              member.drop();
              drops.incrementAndGet();
            }
          }
          Cast.all(answers, "be heard");
          words.addAndGet(answers.size());
        });
    stage.prove(Rule.CHAT_LOST, Rule.CHAT_ONCE, Rule.SAME, Rule.GAP, Rule.VISIBLE, Rule.QUIET);
    return "%,d members said %,d words, each twice, and lost %,d sockets"
        .formatted(members.size(), words.get(), drops.get());
  }
}
