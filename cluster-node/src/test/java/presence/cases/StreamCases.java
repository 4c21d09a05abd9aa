package presence.cases;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.extension.RegisterExtension;
import presence.protocol.ServerMessage;
import presence.protocol.ServerMessage.Delta;
import presence.protocol.ServerMessage.Presence;
import presence.protocol.ServerMessage.Said;

/// One stream for everybody, and what who missed a part of it is given.
class StreamCases {
  private static final int RING = 20;

  @RegisterExtension
  static final TestNode node =
      TestNode.inMemory("PRESENCE_INSTANCE_RING_CHANGES_MAX=" + RING, "PRESENCE_GRACE=20s");

  private final String lobby = TestNode.unique("chat-lobby");
  private final TestClient ann = node.person("ann");
  private final TestClient bob = node.person("bob");

  @BeforeEach
  void annAndBobAreInTheLobby() {
    ann.joins(lobby);
    bob.joins(lobby).seesOnline(ann);
    ann.seesOnline(bob).listens();
  }

  @Case
  @DisplayName("15: events missed in the grace")
  void whatWasMissedIsDeliveredByNumber() {
    ann.drops();
    int before = ann.transcript().end();
    bob.says("one");
    TestClient carl = node.person("carl").joins(lobby);
    bob.says("two");
    carl.saysBye();
    bob.seesGone(carl).says("three");

    ann.comesBack();

    ann.sees("where bob stands", view -> view.at().equals(bob.view().at()));
    assertThat(heard(ann, before, Presence.class)).isEmpty();
    assertThat(heard(ann, before, Said.class))
        .extracting(Said::text)
        .containsExactly("one", "two", "three");
    assertThat(ann.view().online()).containsOnlyKeys(ann.id(), bob.id());
    assertThat(ann.heardAbout(carl)).containsExactly("joined", "left");
  }

  @Case
  @DisplayName("15: more missed than the ring holds")
  void whoMissedTooMuchStartsAgainFromASnapshot() {
    ann.drops();
    int before = ann.transcript().end();
    IntStream.range(0, RING + 5).forEach(i -> bob.says("line " + i));

    ann.comesBack();

    ann.sees("where bob stands", view -> view.at().equals(bob.view().at()));
    ann.settles();
    assertThat(heard(ann, before, Presence.class)).hasSize(1);
    assertThat(heard(ann, before, ServerMessage.History.class))
        .singleElement()
        .satisfies(history ->
            assertThat(history.messages())
                .filteredOn(each -> each.text().startsWith("line "))
                .hasSize(RING + 5));
  }

  @Case
  @DisplayName("15, R8: joining with what one has already")
  void aJoinWithSinceIsAnsweredByWhatFollowed() {
    ann.leaves(lobby);
    var at = bob.view().at();
    TestClient eve = node.person("eve");
    eve.connects();
    eve.asksSince(lobby, at.epoch(), at.seq());
    eve.listens(lobby);

    assertThat(heard(eve, 0, Presence.class)).isEmpty();
    assertThat(heard(eve, 0, Delta.class).getFirst().from()).isEqualTo(at.seq());
  }

  @Case
  @DisplayName("R8: a position of another stream, and one from the future")
  void aSinceThatCannotBeFollowedIsAnsweredByASnapshot() {
    var at = bob.view().at();
    TestClient other = node.person("eve");
    other.connects();
    other.asksSince(lobby, at.epoch() - 1, at.seq());
    TestClient ahead = node.person("eve");
    ahead.connects();
    ahead.asksSince(lobby, at.epoch(), at.seq() + 1_000);

    assertThat(heard(other, 0, Presence.class)).hasSize(1);
    assertThat(heard(ahead, 0, Presence.class)).hasSize(1);
  }

  @Case
  @DisplayName("R8: an up-to-date position")
  void whoIsUpToDateIsToldSo() {
    TestClient eve = node.person("eve").joins(lobby);
    bob.seesOnline(eve);
    var at = eve.view().at();

    ServerMessage answer = eve.asksSince(lobby, at.epoch(), at.seq());

    assertThat(answer)
        .isInstanceOfSatisfying(
            Delta.class,
            delta -> {
              assertThat(delta.from()).isEqualTo(at.seq());
              assertThat(delta.seq()).isEqualTo(at.seq());
              assertThat(delta.joined()).isEmpty();
            });
  }

  @Case
  @DisplayName("33: two observers, recorded from start to end")
  void everyObserverIsToldTheSameChangesInTheSameOrder() {
    Random random = new Random(33);
    List<TestClient> crowd =
        IntStream.range(0, 12).mapToObj(i -> node.person("member").joins(lobby)).toList();
    crowd.forEach(bob::seesOnline);
    Story.join(
        crowd.stream()
            .map(each -> Story.later(random.nextInt(50), () -> wander(each, lobby)))
            .toList());
    bob.says("the end");

    ann.sees("the end", view -> view.at().equals(bob.view().at()));
    long first = heard(bob, 0, Presence.class).getFirst().seq() + 1;
    assertThat(changes(ann, first)).isEqualTo(changes(bob, first)).hasSizeGreaterThan(12);
    assertThat(ann.view()).isEqualTo(bob.view());
    Http.Answer roster = node.get("/v1/instances/" + lobby + "/roster");
    assertThat(roster.at("seq").asLong()).isEqualTo(bob.view().at().seq());
    assertThat(roster.ids("members"))
        .containsExactlyInAnyOrderElementsOf(bob.view().online().keySet());
  }

  private static void wander(TestClient member, String lobby) {
    member.goesTo("chat").says("hello");
    member.drops();
    member.comesBack();
    member.goesTo("elsewhere");
    member.leaves(lobby);
    member.joins(lobby).goesTo("chat");
  }

  private static List<ServerMessage> changes(TestClient observer, long from) {
    return observer.transcript().since(0).stream()
        .map(Transcript.Heard::message)
        .filter(message ->
            (message instanceof Delta delta && delta.seq() >= from)
                || (message instanceof Said said && said.seq() >= from))
        .map(message -> message instanceof Said said ? withoutAuthorsId(said) : message)
        .toList();
  }

  private static ServerMessage withoutAuthorsId(Said said) {
    return new Said(
        said.instance(),
        said.epoch(),
        said.seq(),
        said.id(),
        said.from(),
        said.text(),
        said.at(),
        null,
        null);
  }

  private static <M extends ServerMessage> List<M> heard(TestClient by, int from, Class<M> type) {
    return by.transcript().since(from).stream()
        .map(Transcript.Heard::message)
        .filter(type::isInstance)
        .map(type::cast)
        .toList();
  }
}
