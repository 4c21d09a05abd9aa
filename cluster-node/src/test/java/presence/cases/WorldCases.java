package presence.cases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.extension.RegisterExtension;
import presence.client.PresenceException;
import presence.protocol.ClientMessage;
import presence.protocol.ErrorCode;
import presence.protocol.Json;
import presence.protocol.ServerMessage;
import presence.protocol.Spot;

/// Worlds: avatars that come, move, fade and go.
class WorldCases {
  private static final long GHOST_MS = 5_000;

  @RegisterExtension
  static final TestNode node =
      TestNode.inMemory(
          "PRESENCE_GRACE=20s",
          "PRESENCE_WORLD_GHOST=" + GHOST_MS + "ms",
          "PRESENCE_WORLD_AVATARS_OTHERWISE=arena",
          "PRESENCE_WORLD_RADIUS=100");

  private final String garden = TestNode.unique("garden");

  private Inhabitant person(String name) {
    return Inhabitant.of(node.person(name), garden, 1, 1);
  }

  @Case
  @DisplayName("56: who joins sees the others, the others see them, and nobody else anything")
  void joining() {
    TestClient outside = node.person("eve");
    outside.connects();
    Inhabitant ann = person("ann");
    Inhabitant bob = person("bob");

    assertThat(bob.view().others()).containsOnlyKeys(ann.id());
    assertThat(ann.id()).isEqualTo(ann.client().id());
    ann.sees("joined", bob.id());
    assertThat(ann.toldOf(bob.id())).containsExactly("joined");
    assertThat(bob.toldOf(bob.id())).isEmpty();
    assertThat(outside.transcript().since(0))
        .noneMatch(heard -> heard.frame().contains("\"world:"));
  }

  @Case
  @DisplayName("57: others see the newest place and never an older one; so does who comes late")
  void moving() {
    Inhabitant ann = person("ann");
    Inhabitant bob = person("bob");
    IntStream.rangeClosed(1, 200).forEach(i -> ann.moves(i % 40, i));
    ann.moves(7, 8);
    bob.seesAt(ann.id(), 7, 8);

    assertThat(bob.movesOf(ann.id())).isSorted().doesNotHaveDuplicates();
    assertThat(bob.spotOf(ann.id())).isEqualTo(new Spot(7, 8, null));
    assertThat(person("cid").spotOf(ann.id())).isEqualTo(new Spot(7, 8, null));
  }

  @Case
  @DisplayName("57: who is far away is seen too, only later")
  void movingFarAway() {
    Inhabitant ann = person("ann");
    Inhabitant bob = Inhabitant.of(node.person("bob"), garden, 5_000, 5_000);
    ann.moves(-900, 3);
    bob.seesAt(ann.id(), -900, 3);
    bob.moves(-905, 3);
    ann.seesAt(bob.id(), -905, 3);
  }

  @Case
  @DisplayName("58: lost and back within the window, by reattaching")
  void aGhostReturns() {
    Inhabitant ann = person("ann");
    Inhabitant bob = person("bob");
    ann.moves(3, 4);
    bob.seesAt(ann.id(), 3, 4);
    ann.client().drops();
    bob.sees("ghost", ann.id());
    assertThat(ann.client().comesBack().worlds()).containsExactly(garden);
    bob.sees("returned", ann.id());

    Story.passes(GHOST_MS);
    assertThat(bob.toldOf(ann.id())).containsExactly("ghost", "returned");
    assertThat(bob.spotOf(ann.id())).isEqualTo(new Spot(3, 4, null));
    ann.moves(5, 6);
    bob.seesAt(ann.id(), 5, 6);
  }

  @Case
  @DisplayName("58: lost and back within the window, by joining from another session")
  void aGhostReturnsInAnotherSession() {
    Inhabitant ann = person("ann");
    Inhabitant bob = person("bob");
    ann.client().drops();
    bob.sees("ghost", ann.id());
    Inhabitant again = Inhabitant.of(ann.client().inAnotherTab(), garden, 9, 9);
    bob.sees("returned", again.id());

    assertThat(bob.toldOf(again.id())).containsExactly("ghost", "returned");
    assertThat(bob.spotOf(again.id())).isEqualTo(new Spot(9, 9, null));
    assertThat(ann.client().comesBack().worlds()).isEmpty();
  }

  @Case
  @DisplayName("58: lost and not back in the window: gone, and told so when it is back")
  void aGhostThatDoesNotReturnIsGone() {
    Inhabitant ann = person("ann");
    Inhabitant bob = person("bob");
    ann.client().drops();
    bob.sees("left: gone", ann.client().id());

    assertThat(bob.toldOf(ann.client().id())).containsExactly("ghost", "left: gone");
    assertThat(ann.client().comesBack().resumed()).isTrue();
    assertThat(ann.client().welcome().worlds()).isEmpty();
    bob.sees("joined", ann.client().id());
  }

  @Case
  @DisplayName("58: bye and leave, at once")
  void whoLeavesIsGoneAtOnce() {
    Inhabitant bob = person("bob");
    Inhabitant ann = person("ann");
    Inhabitant cid = person("cid");
    ann.client().saysBye();
    cid.client().get(cid.client().client().leaveWorld(garden));
    bob.sees("left: left", ann.client().id());
    bob.sees("left: left", cid.client().id());
    assertThat(bob.toldOf(ann.client().id())).containsExactly("joined", "left: left");
  }

  @Case
  @DisplayName("59: the session that comes last has the avatar, and the one before is told")
  void aTakeover() {
    Inhabitant ann = person("ann");
    Inhabitant bob = person("bob");
    Inhabitant again = Inhabitant.of(ann.client().inAnotherTab(), garden, 9, 9);
    ann.sees("left: taken_over", again.id());
    await().atMost(Transcript.PATIENCE).until(() -> !ann.isIn());

    assertThat(bob.view().others()).hasSize(1);
    again.moves(2, 2);
    bob.seesAt(again.id(), 2, 2);
    assertThat(bob.toldOf(again.id())).containsExactly("left: changed", "joined");
  }

  @Case
  @DisplayName("59: where the piece says so, each session has an avatar of its own")
  void twoAvatars() {
    String arena = "arena~" + garden;
    Inhabitant ann = Inhabitant.of(node.person("ann"), arena, 1, 1);
    Inhabitant tab = Inhabitant.of(ann.client().inAnotherTab(), arena, 2, 2);
    Inhabitant nobody = Inhabitant.of(node.anonymous(), arena, 3, 3);

    assertThat(nobody.view().others()).containsOnlyKeys(ann.id(), tab.id());
    assertThat(List.of(ann.id(), tab.id(), nobody.id()))
        .doesNotHaveDuplicates()
        .doesNotContain(ann.client().id())
        .noneMatch(id -> id.contains(ann.client().session()));
    assertThat(nobody.view().others().values())
        .allMatch(each -> ann.client().id().equals(each.handle()));
  }

  @Case
  void whatOneTellsTheOthersHearOnceAndInOrder() {
    Inhabitant ann = person("ann");
    Inhabitant bob = person("bob");
    for (int i = 1; i <= 5; i++) {
      ann.client().client().emit(garden, "wave", new Json("[" + i + "]"));
    }
    bob.hears(ann.id() + " wave [5]");
    assertThat(bob.emitted())
        .containsExactlyElementsOf(
            IntStream.rangeClosed(1, 5).mapToObj(i -> ann.id() + " wave [" + i + "]").toList());
    assertThat(ann.emitted()).isEmpty();
  }

  @Case
  void whoTellsTooMuchIsToldWhenToTryAgain() {
    Inhabitant ann = person("ann");
    List<CompletableFuture<ServerMessage>> asked =
        IntStream.range(0, 30).mapToObj(_ -> ann.asksToEmit("wave", null)).toList();
    assertThatThrownBy(() -> asked.forEach(ann.client()::get))
        .isInstanceOfSatisfying(
            PresenceException.class,
            refused -> assertThat(refused.code()).isEqualTo(ErrorCode.RATE_LIMITED));
  }

  @Case
  void whoIsNotInTheWorldIsToldSoOnce() {
    TestClient ann = node.person("ann");
    ann.connects();
    ann.client().move(garden, new Spot(1, 1, null));
    ann.client().move(garden, new Spot(2, 2, null));
    assertThatThrownBy(() ->
            ann.get(ann.client().request(ref -> new ClientMessage.Emit(garden, "x", null, ref))))
        .isInstanceOfSatisfying(
            PresenceException.class,
            refused -> assertThat(refused.code()).isEqualTo(ErrorCode.NOT_JOINED));
    assertThat(ann.transcript().since(0))
        .filteredOn(heard ->
            heard.message() instanceof ServerMessage.Error error
                && error.code() == ErrorCode.NOT_JOINED
                && error.ref() == null)
        .hasSize(1);
  }

  @Case
  @DisplayName("61: hostile names are refused or treated exactly")
  void hostileNames() {
    TestClient ann = node.person("ann");
    for (String piece : List.of("__proto__", "constructor", "'; drop", "日本語 " + garden)) {
      Inhabitant one = Inhabitant.of(ann, piece, 1, 1);
      assertThat(one.view().piece()).isEqualTo(piece);
      ann.get(ann.client().leaveWorld(piece));
    }
    Inhabitant bob = person("bob");
    Json look = new Json("{\"__proto__\":{\"x\":1},\"a\":\"\\u202e<script>\"}");
    Inhabitant eve = Inhabitant.of(node.person("eve"), garden, 1, 1);
    eve.enters(look, 2, 2);
    bob.sees("left: changed", eve.id());
    await().atMost(Transcript.PATIENCE).until(() -> bob.view().others().containsKey(eve.id()));
    assertThat(bob.view().others().values())
        .filteredOn(each -> each.id().equals(eve.id()))
        .allMatch(each -> each.avatar().text().contains("__proto__"))
        .hasSize(1);
  }

  @Case
  @DisplayName("61: what is too long, empty or invisible is a typed error and hurts nothing")
  void hostileFrames() {
    Inhabitant ann = person("ann");
    String join = "{\"type\":\"world:join\",\"piece\":%s,\"avatar\":%s,\"pos\":%s,\"ref\":\"%s\"}";
    String long10K = "\"" + "x".repeat(10_240) + "\"";
    List<String> frames =
        List.of(
            join.formatted("\"\"", "{}", "{\"x\":1,\"y\":1}", "h1"),
            join.formatted("\"a\\u0000b\"", "{}", "{\"x\":1,\"y\":1}", "h2"),
            join.formatted("\"\\u202Egarden\"", "{}", "{\"x\":1,\"y\":1}", "h3"),
            join.formatted(long10K, "{}", "{\"x\":1,\"y\":1}", "h4"),
            join.formatted("\"g\"", "{\"a\":" + long10K + "}", "{\"x\":1,\"y\":1}", "h5"),
            join.formatted("\"g\"", "[]", "{\"x\":1,\"y\":1}", "h6"),
            join.formatted("\"g\"", "{}", "{\"x\":1e300,\"y\":1}", "h7"),
            join.formatted("\"g\"", "{}", "{\"x\":\"1\",\"y\":1}", "h8"),
            join.formatted("\"g\"", "{}", "{\"x\":1}", "h9"));
    frames.forEach(ann.client().client()::sendFrame);
    for (int i = 1; i <= frames.size(); i++) {
      String ref = "h" + i;
      ErrorCode code =
          ann.client()
              .transcript()
              .await(
                  0,
                  "the refusal of " + ref,
                  heard ->
                      heard.message() instanceof ServerMessage.Error error
                              && ref.equals(error.ref())
                          ? error.code()
                          : null);
      assertThat(code).isIn(ErrorCode.BAD_MESSAGE, ErrorCode.TOO_LONG);
    }
    assertThat(ann.isIn()).isTrue();
  }
}
