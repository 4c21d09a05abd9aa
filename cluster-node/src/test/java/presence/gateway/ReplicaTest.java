package presence.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.pcollections.HashTreePSet;
import presence.instance.Change;
import presence.instance.ChatInstance;
import presence.instance.Fingerprint;
import presence.protocol.Counts;
import presence.protocol.Member;
import presence.protocol.Position;
import presence.protocol.ServerMessage;
import presence.protocol.View;

/// A replica and what its instance says of itself.
class ReplicaTest {
  private static final Replica.Limits LIMITS =
      new Replica.Limits(100, Duration.ofMinutes(5), 10, 1000);
  private static final Member ANN = new Member("@ann", "@ann", null);
  private static final Member BOB = new Member("@bob", "@bob", null);
  private static final Counts ONE = new Counts(1, 1, 1, 0);
  private static final Counts TWO = new Counts(2, 1, 2, 0);

  private final Replica first =
      Replica.of(
          "room",
          new ChatInstance.Cut(new Position(9, 1), List.of(ANN), List.of("@ann"), ONE, List.of()));
  private final Change bobComes =
      new Change.People(
          new ServerMessage.Delta(
              "room", 9, 1, 2, List.of(BOB), List.of(), List.of(), List.of(), List.of(), TWO, null),
          5);
  private final Replica second = first.apply(List.of(bobComes), LIMITS);

  private static long print(Counts counts, Member... online) {
    Map<String, Member> members = new HashMap<>();
    for (Member each : online) {
      members.put(each.id(), each);
    }
    return Fingerprint.of(new Fingerprint.Sets(members, Set.of("@ann"))).with(counts);
  }

  private ChatInstance.Published changes(long print) {
    return new ChatInstance.Published(9, 1, List.of(bobComes), print);
  }

  private static ChatInstance.Published upToDate(long print) {
    return new ChatInstance.Published(9, 2, List.of(), print);
  }

  @Nested
  class ThatFollowed {
    @Test
    void agreesAfterAChangeAndWhenNothingIsMissing() {
      assertThat(second.agrees(changes(print(TWO, ANN, BOB)))).isTrue();
      assertThat(second.agrees(upToDate(print(TWO, ANN, BOB)))).isTrue();
    }

    @Test
    void differsFromAnInstanceThatSaysOtherwise() {
      assertThat(second.agrees(changes(print(TWO, ANN)))).isFalse();
      assertThat(second.agrees(changes(print(ONE, ANN, BOB)))).isFalse();
      assertThat(second.agrees(upToDate(print(TWO, BOB)))).isFalse();
    }

    @Test
    void cannotTellOfAnotherMomentOrOfAnOlderNode() {
      assertThat(first.agrees(changes(print(TWO, ANN)))).isTrue();
      assertThat(second.agrees(changes(0))).isTrue();
    }
  }

  @Nested
  class ThatWasSpoiled {
    private final View view = second.view();

    @Test
    void isFoundByTheNextKeepAliveWhateverWasSpoiled() {
      View without =
          new View("room", view.at(), view.online().minus("@ann"), view.here(), view.counts());
      View away = new View("room", view.at(), view.online(), HashTreePSet.empty(), view.counts());
      for (View spoiled : List.of(without, away)) {
        assertThat(spoiled(spoiled).agrees(upToDate(print(TWO, ANN, BOB)))).isFalse();
      }
    }

    @Test
    void isFoundByTheChangeThatTouchesIt() {
      View without =
          new View("room", first.at(), first.view().online().minus("@ann"), view.here(), ONE);
      Change annLeaves =
          new Change.People(
              new ServerMessage.Delta(
                  "room",
                  9,
                  1,
                  2,
                  List.of(),
                  List.of("@ann"),
                  List.of(),
                  List.of(),
                  List.of(),
                  Counts.NONE,
                  null),
              5);
      Replica spoiled =
          new Replica(without, first.print(), first.changes(), first.history())
              .apply(List.of(annLeaves), LIMITS);
      long nobody = Fingerprint.EMPTY.with(Counts.NONE);

      assertThat(spoiled.agrees(new ChatInstance.Published(9, 1, List.of(annLeaves), nobody)))
          .isFalse();
    }

    private Replica spoiled(View spoiled) {
      return new Replica(spoiled, second.print(), second.changes(), second.history());
    }
  }
}
