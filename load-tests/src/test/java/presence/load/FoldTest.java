package presence.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import presence.protocol.ClientMessage.RosterMode;
import presence.protocol.Counts;
import presence.protocol.Member;
import presence.protocol.ServerMessage;
import presence.protocol.ServerMessage.Delta;
import presence.protocol.ServerMessage.Presence;
import presence.protocol.ServerMessage.Roster;
import presence.protocol.View;

class FoldTest {
  @Test
  void aSnapshotAndWhatFollowsIt() {
    assertThat(ids(Fold.of(List.of(snapshot(5, null, "a"), joins(5, "b"), joins(6, "c")))))
        .containsExactlyInAnyOrder("a", "b", "c");
  }

  @Test
  void thePagesOfASnapshotMakeItWhole() {
    assertThat(
            ids(Fold.of(List.of(snapshot(5, "p2", "a"), page(5, "p3", "b"), page(5, null, "c")))))
        .containsExactlyInAnyOrder("a", "b", "c");
  }

  @Test
  void changesAmongThePagesAreAppliedAfterThem() {
    View view =
        Fold.of(List.of(snapshot(5, "p2", "a"), joins(5, "x"), page(5, null, "b"), joins(6, "y")));
    assertThat(ids(view)).containsExactlyInAnyOrder("a", "b", "x", "y");
    assertThat(view.at().seq()).isEqualTo(7);
  }

  @Test
  void aNewSnapshotBeginsAnew() {
    assertThat(
            ids(
                Fold.of(
                    List.of(
                        snapshot(5, "p2", "a"),
                        joins(5, "x"),
                        snapshot(8, null, "z"),
                        page(5, null, "b")))))
        .containsExactly("z");
  }

  @Test
  void aGapIsFound() {
    assertThatThrownBy(() -> Fold.of(List.of(snapshot(5, null, "a"), joins(6, "b"))))
        .isInstanceOf(View.Gap.class);
  }

  @Test
  void aSetOfWhichAPageIsMissingIsNone() {
    assertThatThrownBy(() -> Fold.of(List.of(snapshot(5, "p2", "a"), joins(5, "b"))))
        .isInstanceOf(IllegalStateException.class);
  }

  private static List<String> ids(View view) {
    return List.copyOf(view.online().keySet());
  }

  private static ServerMessage snapshot(long seq, @Nullable String cursor, String... online) {
    return new Presence(
        "room",
        1,
        seq,
        RosterMode.FULL,
        members(online),
        List.of(),
        Counts.NONE,
        cursor == null,
        cursor,
        null);
  }

  private static ServerMessage page(long seq, @Nullable String cursor, String... online) {
    return new Roster("room", 1, seq, members(online), List.of(), Counts.NONE, cursor, null);
  }

  private static ServerMessage joins(long from, String... joined) {
    return new Delta(
        "room",
        1,
        from,
        from + 1,
        members(joined),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        Counts.NONE,
        null);
  }

  private static List<Member> members(String... ids) {
    return Stream.of(ids).map(id -> new Member(id, null, null)).toList();
  }
}
