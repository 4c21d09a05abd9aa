package presence.cases;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.extension.RegisterExtension;
import presence.client.SigningKey;
import presence.protocol.Counts;

/// Who is online, and who is here.
class PresenceCases {
  @RegisterExtension static final TestNode node = TestNode.inMemory();

  private final String piece = TestNode.unique("garden");
  private final String room = "chat-" + piece;
  private final TestClient bob = node.person("bob");

  @BeforeEach
  void bobIsInTheRoom() {
    bob.joins(room).listens();
  }

  @Case
  @DisplayName("23: connected, not joined")
  void whoHasNotJoinedIsInNoList() {
    TestClient ann = node.person("ann");
    ann.connects();
    ann.goesTo(piece);

    bob.heardNothingAbout(ann);
    assertThat(node.get("/v1/instances/" + room + "/roster").ids("members"))
        .containsExactly(bob.id());
  }

  @Case
  @DisplayName("23: anonymous and joined")
  void whoIsAnonymousIsCountedAndNeverListed() {
    TestClient nobody = node.anonymous().joins(room).goesTo(piece);

    bob.sees("one anonymous", view -> view.counts().equals(new Counts(1, 0, 2, 1)));
    assertThat(bob.view().online()).containsOnlyKeys(bob.id());
    assertThat(nobody.view().online()).containsOnlyKeys(bob.id());
    nobody.saysBye();
    bob.sees("none anonymous", view -> view.counts().equals(new Counts(1, 0, 1, 0)));
  }

  @Case
  @DisplayName("24: three tabs of one person")
  void severalTabsAreOnePersonUntilTheLastCloses() {
    TestClient first = node.person("ann").joins(room);
    TestClient second = first.inAnotherTab().joins(room);
    TestClient third = first.inAnotherTab().joins(room);
    bob.sees("three sessions of two people", view -> view.counts().sessions() == 4);
    assertThat(bob.view().counts().people()).isEqualTo(2);

    second.saysBye();
    third.drops();
    bob.sees("one session of ann", view -> view.counts().sessions() == 2);
    assertThat(bob.heardAbout(first)).containsExactly("joined");

    long droppedAt = System.currentTimeMillis();
    first.drops();
    assertThat(bob.hearsLeaveOf(first) - droppedAt).isGreaterThanOrEqualTo(TestNode.GRACE_MS);
    assertThat(bob.heardAbout(first)).containsExactly("joined", "left");
  }

  @Case
  @DisplayName("25: elsewhere, then on the piece, then away")
  void whoGoesToAPieceOfTheInstanceIsHere() {
    TestClient ann = node.person("ann").joins(room).goesTo("workshop");
    bob.seesAway(ann);

    ann.goesTo(piece);
    bob.seesHere(ann);
    ann.goesTo(null);
    bob.seesAway(ann);

    assertThat(bob.heardAbout(ann)).containsExactly("joined", "here", "away");
  }

  @Case
  @DisplayName("25: here within 100 ms")
  void hereIsToldWithoutDelay() {
    TestClient ann = node.person("ann").joins(room);
    bob.seesOnline(ann);
    List<Long> took = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      int heard = bob.transcript().end();
      ann.goesTo(piece);
      long movedAt = System.currentTimeMillis();
      took.add(bob.hears("here", ann, heard) - movedAt);
      int heardThen = bob.transcript().end();
      ann.goesTo("chat:" + i); // the same place by another name
      ann.goesTo(null);
      bob.hears("away", ann, heardThen);
    }
    assertThat(took).as("ms; a busy machine may delay some").anyMatch(each -> each <= 100);
  }

  @Case
  @DisplayName("26: on the piece, not joined")
  void whoLooksWithoutHavingJoinedIsNotHere() {
    TestClient ann = node.person("ann");
    ann.connects();
    ann.goesTo(piece);
    bob.heardNothingAbout(ann);

    ann.joins(room);

    bob.seesHere(ann);
    assertThat(bob.heardAbout(ann)).containsExactly("joined", "here");
  }

  @Case
  @DisplayName("26: a tab in the background")
  void onlyAVisibleTabMakesAPersonHere() {
    TestClient tab = node.person("ann").joins(room).goesTo(piece);
    TestClient other = tab.inAnotherTab().joins(room).goesTo(piece);
    bob.seesHere(tab);

    tab.goesToBackground();
    bob.seesHere(tab);
    other.goesToBackground();
    bob.seesAway(tab);
    tab.comesToForeground();
    bob.seesHere(tab);

    assertThat(bob.heardAbout(tab)).containsExactly("joined", "here", "away", "here");
  }

  @Case
  @DisplayName("27: from page to page of the piece")
  void navigationIsInvisible() {
    TestClient page = node.person("ann").joins(room).goesTo(piece);
    bob.seesHere(page).listens();

    for (long gapMs : new long[] {250, 600, 0, 1_000}) {
      TestClient next = page.onAnotherSocket(same -> same.withLocation(piece + "~" + gapMs));
      page.drops();
      Story.passes(gapMs);
      assertThat(next.connects().resumed()).isTrue();
      next.joins(room);
      page = next;
    }

    bob.heardNothingAbout(page);
    assertThat(bob.view().here()).contains(page.id());
  }

  @Case
  @DisplayName("28: A, @A and @a")
  void spellingsOfAHandleAreOnePerson() {
    String name = TestNode.unique("Anna");
    TestClient plain = node.personOf(name).joins(room);
    TestClient lower = node.personOf("@" + name.toLowerCase(java.util.Locale.ROOT)).joins(room);
    node.personOf("@" + name.toUpperCase(java.util.Locale.ROOT)).joins(room);

    bob.sees("four sessions", view -> view.counts().sessions() == 4);
    assertThat(bob.view().online()).containsOnlyKeys(bob.id(), lower.id());
    assertThat(plain.id()).isEqualTo(lower.id());
    assertThat(node.get("/v1/users/" + name).at("user/id").asText()).isEqualTo(lower.id());
  }

  @Case
  @DisplayName("28: chat~hello is chat, chatter is not")
  void aLocationIsOnThePieceOfItsFirstSegment() {
    TestClient ann = node.person("ann").joins(room);

    for (String on : List.of("chat", "chat~hello", "CHAT:x", "chat/y", piece, piece + "/1")) {
      ann.goesTo(on);
      bob.seesHere(ann);
      ann.goesTo(null);
      bob.seesAway(ann);
    }
    bob.listens();
    for (String off : List.of("chatter", "chat-x", " chat", "xchat", piece + "x", room)) {
      ann.goesTo(off);
      bob.heardNothingAbout(ann);
    }
  }

  @Case
  @DisplayName("29: a handle that was not proven")
  void nobodyAppearsUnderAHandleTheyHaveNotProven() {
    String wanted = "@" + TestNode.unique("ann");
    node.client("nobody", node.options().withDisplayName(wanted)).joins(room);
    TestClient kay = node.holder(SigningKey.generate());
    TestClient named = kay.withOptions(options -> options.withDisplayName(wanted)).joins(room);

    bob.sees("three sessions", view -> view.counts().sessions() == 3);
    assertThat(bob.view().online()).containsOnlyKeys(bob.id(), named.id());
    assertThat(bob.view().online().get(named.id()))
        .satisfies(member -> assertThat(member.handle()).isNull());
    assertThat(node.get("/v1/users/" + wanted).status()).isEqualTo(404);
  }

  @Case
  @DisplayName("30: unchanged set, unchanged counts")
  void whatChangesNothingIsNotTold() {
    TestClient ann = node.person("ann").joins(room).goesTo("here");
    bob.seesOnline(ann).listens();

    ann.goesTo("there");
    ann.goesToBackground();
    ann.goesTo(piece);
    ann.goesTo("here");
    ann.comesToForeground();
    ann.joinsAgain();
    ann.inAnotherTab().connects();

    bob.heardNothingAbout(ann);
  }

  @Case
  @DisplayName("34: another name")
  void aRenamedPersonIsRenamed() {
    TestClient ann = node.person("ann").joins(room);
    bob.seesOnline(ann).listens();

    TestClient renamed = ann.onAnotherSocket(same -> same.withDisplayName("Ann of the garden"));
    renamed.connects();

    bob.sees("the new name", view -> view.online().toString().contains("Ann of the garden"));
    assertThat(bob.heardAbout(ann)).containsExactly("renamed");
    ann.isClosedWith(4409);
  }
}
