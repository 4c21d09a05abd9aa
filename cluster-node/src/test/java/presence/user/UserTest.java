package presence.user;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.LongStream;
import org.apache.pekko.actor.testkit.typed.javadsl.FishingOutcomes;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import presence.testkit.Entity;
import presence.testkit.TestSystem;
import presence.testkit.TestSystemExtension;

@ExtendWith(TestSystemExtension.class)
@Timeout(30)
class UserTest {
  private static final UserLimits LIMITS =
      new UserLimits(
          64,
          Duration.ofHours(1),
          Duration.ofMinutes(2),
          2,
          new Pauses(Duration.ofMillis(500), Duration.ofSeconds(5)),
          MailWords.LIMITS);
  private static final Doing CHATTING = new Doing("Ann", "chat", Set.of("room"));
  private static final Doing READING = new Doing("Ann", "docs", Set.of());

  private record Evicted(String session, boolean banned) {}

  private record Hushed(String session, Silence silence, ActorRef<Silence.Heard> replyTo) {}

  private record Registered(Sanctions sanctions, ActorRef<Register.Entered> replyTo) {}

  private final class Evictions implements Ways {
    @Override
    public void evict(String whose, long upTo, boolean banned) {
      evicted.add(new Evicted(whose, banned));
    }

    @Override
    public void push(String to, List<Delivery> deliveries, long collected) {}

    @Override
    public void inform(
        Address sender, List<Item.Outcome> outcomes, ActorRef<MailCommand.Informed> replyTo) {}

    @Override
    public void hush(String who, Silence silence, ActorRef<Silence.Heard> replyTo) {
      hushed.add(new Hushed(who, silence, replyTo));
    }

    @Override
    public void register(String whose, Sanctions sanctions, ActorRef<Register.Entered> replyTo) {
      registered.add(new Registered(sanctions, replyTo));
    }
  }

  private final TestSystem system;
  private final TestProbe<User.Receipt> session;
  private final TestProbe<User.Seen> follower;
  private final TestProbe<User.Admission> gateway;
  private final TestProbe<ClusterSharding.ShardCommand> shard;
  private final ConcurrentLinkedQueue<Evicted> evicted = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<Hushed> hushed = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<Registered> registered = new ConcurrentLinkedQueue<>();
  private final Entity<User.Command, UserEvent, UserState> user;

  UserTest(TestSystem system) {
    this.system = system;
    session = system.probe();
    follower = system.probe();
    gateway = system.probe();
    shard = system.probe();
    user =
        new Entity<>(
            system,
            "user",
            id ->
                User.create(
                    "@ann",
                    id,
                    new UserSurroundings(
                        LIMITS, system, new Evictions(), MailMeter.NONE, shard.getRef())));
  }

  @AfterEach
  void stop() {
    user.close();
  }

  private void hears(String who, long n, @Nullable Doing doing) {
    user.tell(new User.Report(who, n, doing, session.getRef()));
  }

  private User.Admission admits(@Nullable String who) {
    user.tell(new User.Admit(who, gateway.getRef()));
    return gateway.receiveMessage();
  }

  private User.Seen seen() {
    user.tell(new User.Describe(follower.getRef()));
    return follower.receiveMessage();
  }

  private List<Evicted> evictions() {
    List<Evicted> all = new ArrayList<>(evicted);
    evicted.clear();
    return all;
  }

  private static User.Seen online(Doing doing) {
    return new User.Seen(
        "@ann", doing.name(), true, true, List.copyOf(doing.here()), doing.location(), null);
  }

  @Nested
  @DisplayName("a word of a session (R4)")
  class AWord {
    @Test
    void isAcknowledgedOnceItIsDurable() {
      hears("s1", 3, CHATTING);
      session.expectMessage(new User.Receipt("@ann", 3));
      assertThat(user.events())
          .containsExactly(new UserEvent.Told("s1", 3, CHATTING, system.millis()));
      assertThat(seen()).isEqualTo(online(CHATTING));
    }

    @Test
    void isAcknowledgedAgainWithoutEffectWhenItIsRepeated() {
      hears("s1", 3, CHATTING);
      hears("s1", 3, CHATTING);
      hears("s1", 2, null);
      session.expectMessage(new User.Receipt("@ann", 3));
      session.expectMessage(new User.Receipt("@ann", 3));
      session.expectMessage(new User.Receipt("@ann", 2));
      assertThat(user.events()).hasSize(1);
      assertThat(seen()).isEqualTo(online(CHATTING));
    }

    @Test
    @DisplayName("is not acknowledged when it could not be written (R7)")
    void isNotAcknowledgedWhenItCouldNotBeWritten() {
      user.tellInVain(new User.Report("s1", 3, CHATTING, session.getRef()));
      session.expectNoMessage(Duration.ofMillis(50));
      hears("s1", 3, CHATTING);
      session.expectMessage(new User.Receipt("@ann", 3));
    }

    @Test
    void isStillKnownAfterARestart() {
      hears("s1", 3, CHATTING);
      hears("s2", 1, null);
      user.restart();
      assertThat(seen()).isEqualTo(online(CHATTING));
      assertThat(user.state().stepOf("s2")).isEqualTo(1);
    }
  }

  @Nested
  class AFollower {
    AFollower() {
      hears("s1", 1, CHATTING);
      user.tell(new User.Follow(follower.getRef()));
      follower.expectMessage(online(CHATTING));
    }

    @Test
    void isToldOfEveryChange() {
      hears("s1", 2, READING);
      follower.expectMessage(online(READING));
      hears("s1", 3, null);
      follower.expectMessage(
          new User.Seen("@ann", null, true, false, List.of(), null, system.millis()));
    }

    @Test
    void isNotToldWhatChangesNothing() {
      hears("s1", 2, CHATTING);
      hears("s1", 2, CHATTING);
      follower.expectNoMessage(Duration.ofMillis(50));
    }

    @Test
    void isToldAgainAtEachSignOfLife() {
      user.tell(new User.Follow(follower.getRef()));
      follower.expectMessage(online(CHATTING));
    }

    @Test
    void isToldNothingAfterItUnfollowed() {
      user.tell(new User.Unfollow(follower.getRef()));
      hears("s1", 2, READING);
      follower.expectNoMessage(Duration.ofMillis(50));
    }

    @Test
    void keepsThePersonInMemoryUntilItEnds() {
      user.passes(Duration.ofMinutes(5));
      shard.expectNoMessage(Duration.ofMillis(50));
      follower.stop();
      Awaitility.await("the person leaves memory")
          .untilAsserted(() -> {
            user.passes(Duration.ofMinutes(2));
            shard.expectMessage(Duration.ofMillis(50), new ClusterSharding.Passivate<>(user.ref()));
          });
    }
  }

  @Nested
  class Admission {
    @Test
    void isGivenToWhoeverHasRoom() {
      assertThat(admits(null)).isEqualTo(User.Admission.WELCOME);
    }

    @Test
    @DisplayName("64 sessions a person; who has one may go on with it")
    void isRefusedBeyondTheLimit() {
      for (int each = 1; each <= LIMITS.sessions(); each++) {
        hears("s" + each, 1, READING);
      }
      assertThat(admits(null)).isEqualTo(User.Admission.TOO_MANY);
      assertThat(admits("new")).isEqualTo(User.Admission.TOO_MANY);
      assertThat(admits("s64")).isEqualTo(User.Admission.WELCOME);
      hears("s1", 2, null);
      assertThat(admits(null)).isEqualTo(User.Admission.WELCOME);
    }
  }

  @Nested
  @DisplayName("a ban or a kick (case 14)")
  class ABan {
    private void bans(Duration time) {
      long until = time.isZero() ? 0 : system.millis() + time.toMillis();
      user.tell(new User.Ban(until, null, session.getRef()));
      session.fishForMessage(
          Duration.ofSeconds(3),
          receipt ->
              receipt.n() == 0 ? FishingOutcomes.complete() : FishingOutcomes.continueAndIgnore());
    }

    @Test
    void endsEverySession() {
      hears("s1", 1, CHATTING);
      hears("s2", 1, READING);
      hears("s2", 2, null);
      bans(Duration.ofMinutes(1));
      assertThat(evictions()).containsExactly(new Evicted("s1", true));
    }

    @Test
    void refusesEveryHelloUntilItIsOver() {
      hears("s1", 1, CHATTING);
      bans(Duration.ofMinutes(1));
      assertThat(admits("s1")).isEqualTo(User.Admission.BANNED);
      user.restart();
      assertThat(admits(null)).isEqualTo(User.Admission.BANNED);
      user.passes(Duration.ofMinutes(1));
      assertThat(admits(null)).isEqualTo(User.Admission.WELCOME);
    }

    @Test
    void reachesASessionThatSlippedThrough() {
      bans(Duration.ofMinutes(1));
      hears("s1", 1, CHATTING);
      assertThat(evictions()).containsExactly(new Evicted("s1", true));
      hears("s1", 2, null);
      assertThat(evictions()).isEmpty();
    }

    @Test
    void thatIsPardonedIsOver() {
      TestProbe<SanctionCommand.Decided> operator = system.probe();
      bans(Duration.ofMinutes(1));
      user.tell(new SanctionCommand.Pardon(operator.getRef()));
      operator.expectMessage(new SanctionCommand.Decided("@ann", false));
      user.restart();
      assertThat(admits(null)).isEqualTo(User.Admission.WELCOME);
    }

    @Test
    void isInTheRegisterAndTellsWhatIsInForce() {
      TestProbe<Sanctions> operator = system.probe();
      bans(Duration.ofMinutes(1));
      assertThat(registered.remove().sanctions().isBanned(system.millis())).isTrue();
      user.tell(new SanctionCommand.Inquire(operator.getRef()));
      assertThat(operator.receiveMessage().ban()).isNotNull();
      user.passes(Duration.ofMinutes(1));
      user.tell(new SanctionCommand.Inquire(operator.getRef()));
      assertThat(operator.receiveMessage().isEmpty()).isTrue();
    }

    @Test
    void replacesALongerOneEvenIfItIsOverWhenItArrives() {
      bans(Duration.ofDays(1));
      user.tell(new User.Ban(system.millis() - 1, null, session.getRef()));
      assertThat(admits(null)).isEqualTo(User.Admission.WELCOME);
    }

    @Test
    void ofNoTimeIsAKick() {
      hears("s1", 1, CHATTING);
      bans(Duration.ZERO);
      assertThat(evictions()).containsExactly(new Evicted("s1", false));
      assertThat(admits(null)).isEqualTo(User.Admission.WELCOME);
    }
  }

  @Nested
  class AMute {
    private final TestProbe<SanctionCommand.Decided> operator = system.probe();

    private void mutes(String where, Duration time) {
      user.tell(
          new SanctionCommand.Mute(
              where, system.millis() + time.toMillis(), "spam", operator.getRef()));
      operator.expectMessage(new SanctionCommand.Decided("@ann", false));
    }

    private @Nullable Silence told(long n) {
      return session
          .fishForMessage(
              Duration.ofSeconds(3),
              receipt ->
                  receipt.n() == n
                      ? FishingOutcomes.complete()
                      : FishingOutcomes.continueAndIgnore())
          .getLast()
          .silence();
    }

    @Test
    void isWhatEverySessionHearsAndHearsAgainUntilItSaysSo() {
      hears("s1", 1, CHATTING);
      hears("s2", 1, READING);
      mutes("room", Duration.ofMinutes(1));
      assertThat(hushed).extracting(Hushed::session).containsExactlyInAnyOrder("s1", "s2");
      Hushed first =
          hushed.stream().filter(each -> each.session().equals("s1")).toList().getFirst();
      assertThat(first.silence().endsIn("room", system.millis())).isPositive();
      first.replyTo().tell(new Silence.Heard("s1", first.silence().n()));
      hushed.clear();
      user.passes(Duration.ofMillis(600));
      assertThat(hushed).extracting(Hushed::session).containsExactly("s2");
    }

    @Test
    void comesToALaterSessionWithItsFirstReceipt() {
      mutes("room", Duration.ofMinutes(1));
      hears("s1", 1, CHATTING);
      assertThat(told(1)).isNotNull();
    }

    @Test
    void isToldAgainAfterARestart() {
      hears("s1", 1, CHATTING);
      mutes("room", Duration.ofMinutes(1));
      Hushed first = hushed.remove();
      first.replyTo().tell(new Silence.Heard("s1", first.silence().n()));
      user.rest();
      hushed.clear();
      user.restart();
      assertThat(hushed).extracting(Hushed::session).containsExactly("s1");
    }

    @Test
    void isInTheRegisterAndSoIsItsEnd() {
      mutes(Sanctions.EVERYWHERE, Duration.ofMinutes(1));
      assertThat(registered.remove().sanctions().mutes()).containsOnlyKeys(Sanctions.EVERYWHERE);
      user.tell(new SanctionCommand.Unmute(Sanctions.EVERYWHERE, operator.getRef()));
      assertThat(registered.remove().sanctions().isEmpty()).isTrue();
    }

    @Test
    void isDecidedOnceHoweverOftenItIsCommanded() {
      long until = system.millis() + 60_000;
      for (int each = 0; each < 3; each++) {
        user.tell(new SanctionCommand.Mute("room", until, null, operator.getRef()));
        user.tell(new SanctionCommand.Unmute("garden", operator.getRef()));
        user.tell(new SanctionCommand.Pardon(operator.getRef()));
      }
      assertThat(operator.receiveSeveralMessages(9)).allMatch(each -> !each.tooMany());
      assertThat(user.events()).hasSize(1);
    }

    @Test
    void isRefusedWhenThereAreTooManyUntilOneIsOver() {
      mutes("room", Duration.ofMinutes(1));
      mutes("garden", Duration.ofMinutes(2));
      SanctionCommand.Mute third =
          new SanctionCommand.Mute("lobby", Sentence.FOR_GOOD, null, operator.getRef());
      user.tell(third);
      operator.expectMessage(new SanctionCommand.Decided("@ann", true));
      mutes("garden", Duration.ofMinutes(3));
      user.passes(Duration.ofMinutes(1));
      user.tell(third);
      operator.expectMessage(new SanctionCommand.Decided("@ann", false));
    }

    @Test
    @DisplayName("keeps the person in memory until everybody has heard of it")
    void isSeenThroughBeforeThePersonLeavesMemory() {
      hears("s1", 1, CHATTING);
      mutes("room", Duration.ofMinutes(1));
      user.passes(Duration.ofMinutes(4));
      shard.expectNoMessage(Duration.ofMillis(50));
      Hushed told = hushed.remove();
      told.replyTo().tell(new Silence.Heard("s1", told.silence().n()));
      Registered written = registered.remove();
      written.replyTo().tell(new Register.Entered("@ann", written.sanctions().n()));
      user.rest();
      user.passes(Duration.ofMinutes(4));
      shard.expectMessage(new ClusterSharding.Passivate<>(user.ref()));
    }

    @Test
    @DisplayName("holds after a snapshot, as a ban does that an earlier version wrote")
    void isInTheSnapshot() {
      mutes("room", Duration.ofMinutes(1));
      assertThat(user.state().snapshot().state()).isEqualTo(user.state());
      UserState old = new UserState.Snapshot(Map.of(), true, 0, 9_000, null, null, null).state();
      assertThat(old.isBanned(8_999)).isTrue();
      assertThat(old.isBanned(9_000)).isFalse();
    }
  }

  @Nested
  class WithNothingToDo {
    @Test
    void itLeavesMemory() {
      hears("s1", 1, CHATTING);
      user.passes(Duration.ofMinutes(2));
      shard.expectMessage(new ClusterSharding.Passivate<>(user.ref()));
    }

    @Test
    void itLeavesMemoryAlsoAfterAFailedWrite() {
      user.tellInVain(new User.Report("s1", 1, CHATTING, session.getRef()));
      user.passes(Duration.ofMinutes(4));
      shard.expectMessage(new ClusterSharding.Passivate<>(user.ref()));
    }

    @Test
    void aWordKeepsItThere() {
      user.passes(Duration.ofSeconds(119));
      hears("s1", 1, CHATTING);
      user.passes(Duration.ofSeconds(1));
      shard.expectNoMessage(Duration.ofMillis(50));
    }
  }

  @Test
  void aLongJournalBecomesASnapshotAndIsDeleted() {
    user.tell(
        LongStream.rangeClosed(1, 450)
            .mapToObj(
                n -> new User.Report("s1", n, n % 2 == 0 ? CHATTING : READING, session.getRef()))
            .toArray(User.Report[]::new));
    user.await("a snapshot", state -> user.hasSnapshot() && user.events().size() < 300);
    user.restart();
    assertThat(user.state().stepOf("s1")).isEqualTo(450);
    assertThat(seen()).isEqualTo(online(CHATTING));
  }
}
