package presence.load.scenarios;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import presence.load.check.Rule;
import presence.load.storm.Guest;

/// People write to others who are not there; those come back later, in another session.
final class AbsentMail implements Scenario {
  private static final int LETTERS = 5;
  private static final Duration DELIVERED_WITHIN = Duration.ofSeconds(30);

  @Override
  public String name() {
    return "mail";
  }

  @Override
  public String invariant() {
    return "accepted mail to an absent person comes on their return, in order, and its sender"
        + " learns of it";
  }

  @Override
  public String play(Stage stage) {
    List<Guest> senders = stage.cast().members(Math.max(1, stage.users() / 2));
    List<Guest> absent = stage.cast().members(senders.size());
    Cast.all(absent.stream().map(Guest::bye).toList(), "say bye");
    absent.forEach(each -> stage.awaitLeave(senders, each));
    List<CompletableFuture<?>> accepted = new ArrayList<>();
    for (int number = 0; number < LETTERS; number++) {
      for (int pair = 0; pair < senders.size(); pair++) {
        accepted.add(senders.get(pair).write(handle(absent.get(pair))));
      }
    }
    Cast.all(accepted, "have a letter accepted");
    List<Guest> returned = absent.stream().map(stage.cast()::anotherOf).toList();
    stage.await(
        DELIVERED_WITHIN,
        () -> returned.stream().allMatch(each -> each.letters().size() >= LETTERS),
        "all letters are there");
    stage.await(
        DELIVERED_WITHIN,
        () -> senders.stream().allMatch(each -> each.outcomes() >= LETTERS),
        "all senders learn of it");
    stage.prove(Rule.MAIL_LOST, Rule.MAIL_ORDER, Rule.MAIL_ONCE, Rule.MAIL_OUTCOME, Rule.QUIET);
    return "%,d people wrote %d letters each to somebody who was not there"
        .formatted(senders.size(), LETTERS);
  }

  private static String handle(Guest guest) {
    String handle = guest.role().handle();
    if (handle == null) {
      throw new IllegalStateException(guest.role().name() + " is nobody");
    }
    return handle;
  }
}
