package presence.user;

import static org.assertj.core.api.Assertions.assertThat;
import static presence.user.MailWords.LIMITS;
import static presence.user.MailWords.posting;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Whatever happens to a mailbox, in whatever order: an accepted letter is in it, or its sender is
/// owed, or was told, exactly one outcome; and that is `delivered` only if a session has it.
class MailboxLifeTest {
  private static final int STEPS = 1_000;
  private static final Address ANN = new Address.Person("@ann");

  private Random chance = new Random();
  private Mailbox box = Mailbox.EMPTY;
  private long now = 1_000;
  private int sessions;
  private final List<String> live = new ArrayList<>();
  private final Set<String> accepted = new HashSet<>();
  private final Set<String> acknowledged = new HashSet<>();
  private final Map<String, Item.Result> told = new HashMap<>();

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void everyLetterHasOneEnd(long seed) {
    chance = new Random(seed);
    for (int step = 0; step < STEPS; step++) {
      happens();
      isSound();
    }
    assertThat(told).containsValues(Item.Result.DELIVERED, Item.Result.EXPIRED);
  }

  private void happens() {
    now += chance.nextInt(10_000);
    switch (chance.nextInt(12)) {
      case 0, 1, 2, 3 -> comes();
      case 4, 5 -> acknowledges();
      case 6 -> sessionComes();
      case 7 -> sessionEnds();
      case 8, 9 -> senderKnows();
      case 10 -> apply(box.expiry(now, LIMITS));
      default -> now += Duration.ofDays(chance.nextInt(4)).toMillis();
    }
  }

  private void apply(@Nullable MailEvent event) {
    if (event != null) {
      box = box.apply(event, List.copyOf(live));
    }
  }

  private void comes() {
    Address to = chance.nextInt(4) == 0 ? new Address.Session("s" + sessions) : ANN;
    Address sender = new Address.Person("@p" + chance.nextInt(3));
    Posting posting = posting(sender, to, "x".repeat(chance.nextInt(300)), "m" + chance.nextInt());
    if (box.rule(posting, now, LIMITS) instanceof Mailbox.Ruling.Take(MailEvent.Accepted event)) {
      accepted.add(event.id());
      apply(event);
      assertThat(box.rule(posting, now, LIMITS)).isEqualTo(new Mailbox.Ruling.Repeated(event.id()));
    }
  }

  private void acknowledges() {
    List<String> ids = box.items().all().keySet().stream().map(Items.Slot::id).toList();
    if (!ids.isEmpty() && !live.isEmpty()) {
      String id = ids.get(chance.nextInt(ids.size()));
      acknowledged.add(id);
      apply(box.acknowledgement(live.get(chance.nextInt(live.size())), List.of(id), now));
    }
  }

  private void sessionComes() {
    if (live.size() < 4) {
      String session = "s" + ++sessions;
      live.add(session);
      box = box.came(session);
    }
  }

  private void sessionEnds() {
    if (!live.isEmpty()) {
      String session = live.remove(chance.nextInt(live.size()));
      box = box.ended(session);
    }
  }

  private void senderKnows() {
    List<Mailbox.Owed> owed = List.copyOf(box.owed().values());
    if (!owed.isEmpty()) {
      Item.Outcome outcome = owed.get(chance.nextInt(owed.size())).outcome();
      assertThat(told.put(outcome.id(), outcome.result())).isNull();
      apply(box.report(List.of(outcome.id()), now));
    }
  }

  private void isSound() {
    int letters = 0;
    int bytes = 0;
    Set<String> undecided = new HashSet<>();
    for (Items.Entry entry : box.items().all().values()) {
      letters++;
      bytes += entry.weight();
      assertThat(live).containsAll(entry.targets());
      assertThat(entry.settled() && entry.targets().isEmpty()).isFalse();
      if (!entry.settled()) {
        undecided.add(entry.item().id());
      }
    }
    assertThat(box.items().letters()).isEqualTo(letters);
    assertThat(box.items().bytes()).isEqualTo(bytes).isLessThanOrEqualTo(LIMITS.bytesMax());
    assertThat(undecided.size() + box.owed().size()).isLessThanOrEqualTo(LIMITS.itemsMax());
    for (String id : accepted) {
      Mailbox.Owed owed = box.owed().get(id);
      Item.Result result = owed == null ? told.get(id) : owed.outcome().result();
      assertThat(result == null).as("%s has no outcome", id).isEqualTo(undecided.contains(id));
      assertThat(owed != null && told.containsKey(id)).as("%s has two outcomes", id).isFalse();
      assertThat(result == Item.Result.DELIVERED).isEqualTo(acknowledged.contains(id));
    }
  }
}
