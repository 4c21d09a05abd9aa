package presence.cases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.extension.RegisterExtension;
import presence.client.SigningKey;
import presence.protocol.ServerMessage;
import presence.protocol.ServerMessage.Welcome;

/// Two sockets of one session: whichever order their ends and beginnings come in, there is one
/// session, and nobody sees a second.
class ReattachCases {
  @RegisterExtension static final TestNode node = TestNode.inMemory();

  private static final int[] OFFSETS_MS = {0, 1, 2, 5, 10, 20, 40};

  private final String lobby = TestNode.unique("chat-lobby");
  private final TestClient ann = node.person("ann");
  private final TestClient bob = node.person("bob");

  @BeforeEach
  void annAndBobAreInTheLobby() {
    ann.joins(lobby);
    bob.joins(lobby).seesOnline(ann).listens();
  }

  @Case
  @DisplayName("5: the old socket's close arrives around the reattach, in any order")
  void aLateCloseOfTheOldSocketChangesNothing() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    List<TestClient> people =
        IntStream.range(0, 7).mapToObj(i -> node.person("ann").joins(lobby)).toList();
    people.forEach(bob::seesOnline);
    bob.listens();

    List<TestClient> now = new ArrayList<>(people);
    for (int round = 0; round < 7; round++) {
      List<CompletableFuture<Void>> all = new ArrayList<>();
      for (int i = 0; i < now.size(); i++) {
        TestClient old = now.get(i);
        TestClient next = old.onAnotherSocket();
        now.set(i, next);
        all.add(Story.later(offset(random), old.client()::dropSocket));
        all.add(Story.later(offset(random), () -> assertResumed(next, old, seed)));
      }
      Story.join(all);
    }

    for (TestClient each : now) {
      assertThat(each.says("I am here").from().id()).isEqualTo(each.id());
      bob.heardNothingAbout(each, "I am here");
    }
    Story.passes(TestNode.GRACE_MS + 500);
    for (TestClient each : now) {
      assertThat(each.isClosed()).as("%s is closed, seed %d", each.id(), seed).isFalse();
      each.says("still here");
      bob.heardNothingAbout(each, "I am here", "still here");
    }
  }

  private static long offset(Random random) {
    return OFFSETS_MS[random.nextInt(OFFSETS_MS.length)];
  }

  private static void assertResumed(TestClient next, TestClient old, long seed) {
    Welcome welcome = next.connects();
    assertThat(welcome.resumed()).as("resumed, seed %d", seed).isTrue();
    assertThat(welcome.session()).isEqualTo(old.session());
  }

  @Case
  @DisplayName("6: A reattaches while the old socket is open")
  void theOldSocketIsClosedAsReplaced() {
    TestClient elsewhere = ann.onAnotherSocket();

    assertThat(elsewhere.connects().session()).isEqualTo(ann.session());

    ann.isClosedWith(4409);
    elsewhere.says("from here");
    bob.heardNothingAbout(ann, "from here");
  }

  @Case
  @DisplayName("7: two first hellos with one key at the same instant")
  void twoHellosOfOneKeyAreOneSessionWithOneJoin() {
    for (int i = 0; i < 10; i++) {
      SigningKey key = SigningKey.generate();
      TestClient one = node.holder(key);
      TestClient other = node.holder(key);
      Story.atOnce(() -> one.tries(lobby), () -> other.tries(lobby));

      assertThat(one.session()).isEqualTo(other.session());
      TestClient loser = one.welcome().epoch() < other.welcome().epoch() ? one : other;
      TestClient winner = loser == one ? other : one;
      loser.isClosedWith(4409);
      bob.seesOnline(winner);
      winner.says("it is me");
      assertThat(bob.heardAbout(winner)).containsExactly("joined");
      winner.saysBye();
    }
  }

  @Case
  @DisplayName("7: one resume token used twice at the same instant")
  void twoUsesOfOneTokenAreOneSession() {
    for (int i = 0; i < 10; i++) {
      TestClient eve = node.person("eve").joins(lobby);
      bob.seesOnline(eve).listens();
      eve.drops();
      String hello = Frames.resume(eve.token());
      try (RawSocket one = node.socket();
          RawSocket other = node.socket()) {
        Story.atOnce(() -> one.says(hello), () -> other.says(hello));

        Welcome first = one.hears(Welcome.class);
        Welcome second = other.hears(Welcome.class);
        assertThat(first.session()).isEqualTo(eve.session()).isEqualTo(second.session());
        assertThat(List.of(first.resumed(), second.resumed())).containsOnly(true);
        RawSocket loser = first.epoch() < second.epoch() ? one : other;
        RawSocket winner = loser == one ? other : one;
        assertThat(loser.closeCode()).isEqualTo(4409);
        winner.says("{\"type\":\"location\",\"slug\":\"elsewhere\",\"ref\":\"1\"}");
        assertThat(winner.hears(ServerMessage.Ok.class).ref()).isEqualTo("1");
        bob.heardNothingAbout(eve);
        winner.says("{\"type\":\"bye\"}");
        bob.seesGone(eve);
      }
    }
  }

  @Case
  @DisplayName("8: the socket dies before the welcome was written")
  void aSocketThatDiesBeforeItsWelcomeLeavesNoGhost() {
    List<TestClient> people = IntStream.range(0, 30).mapToObj(i -> node.person("gus")).toList();
    Random random = new Random(8);
    for (TestClient each : people) {
      RawSocket socket = node.socket();
      socket.says(Frames.array(Frames.hello(Tokens.of(each.id())), Frames.join(lobby)));
      Story.join(List.of(Story.later(random.nextInt(6), socket::cut)));
    }

    Story.passes(TestNode.GRACE_MS + 1_000);
    bob.sees("only ann and bob", view -> view.counts().sessions() == 2);
    for (TestClient each : people) {
      await()
          .atMost(Transcript.PATIENCE)
          .until(() -> !node.get("/v1/users/" + each.id()).body().contains("\"online\":true"));
      assertThat(bob.heardAbout(each)).isIn(List.of(), List.of("joined", "left"));
    }
    assertThat(bob.view().counts().sessions()).isEqualTo(2);
  }

  @Case
  @DisplayName("8, 9: welcomes with new tokens that never reach A")
  void theTokenAKnowsWorksWhileNoNewerOneHasArrived() {
    ann.drops();
    for (int i = 0; i < 5; i++) {
      RawSocket socket = node.socket();
      socket.says(Frames.resume(ann.token()));
      Story.join(List.of(Story.later(2L * i, socket::cut)));
    }

    Welcome welcome = ann.comesBack();

    assertThat(welcome.resumed()).isTrue();
    bob.heardNothingAbout(ann);
  }

  @Case
  @DisplayName("12: A reattaches with another name and elsewhere")
  void aNewNameAndPlaceAreShownAsChanges() {
    ann.goesTo("chat");
    bob.seesHere(ann).listens();
    TestClient renamed =
        ann.onAnotherSocket(same -> same.withDisplayName("Ann B.").withLocation("garden"));
    ann.drops();

    assertThat(renamed.connects().resumed()).isTrue();

    bob.seesAway(ann).sees("the new name", view -> "Ann B.".equals(name(view, ann)));
    assertThat(bob.heardAbout(ann)).containsExactlyInAnyOrder("renamed", "away");
    assertThat(node.get("/v1/users/" + ann.id()).body()).contains("Ann B.", "garden");
    TestClient carl = node.person("carl").joins(lobby);
    assertThat(name(carl.view(), ann)).isEqualTo("Ann B.");
  }

  private static String name(presence.protocol.View view, TestClient of) {
    var member = view.online().get(of.id());
    return member == null ? "" : String.valueOf(member.name());
  }
}
