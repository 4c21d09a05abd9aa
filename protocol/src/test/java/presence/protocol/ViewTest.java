package presence.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import presence.protocol.ClientMessage.RosterMode;
import presence.protocol.ServerMessage.CountsChange;
import presence.protocol.ServerMessage.Delta;
import presence.protocol.ServerMessage.Presence;
import presence.protocol.ServerMessage.Roster;
import presence.protocol.ServerMessage.Said;

class ViewTest {
  private static final Member ANN = new Member("@ann", "@ann", null);
  private static final Member BOB = new Member("@bob", "@bob", "Bob");
  private static final Member CYD = new Member("@cyd", "@cyd", null);
  private static final Counts COUNTS = new Counts(2, 1, 2, 0);

  private final View view =
      View.of(
          new Presence(
              "i",
              7,
              10,
              RosterMode.FULL,
              List.of(ANN, BOB),
              List.of("@ann"),
              COUNTS,
              true,
              null,
              null));

  @Test
  void aSnapshotIsItsView() {
    assertThat(view.at()).isEqualTo(new Position(7, 10));
    assertThat(view.online()).containsOnlyKeys("@ann", "@bob").containsValue(BOB);
    assertThat(view.here()).containsExactly("@ann");
    assertThat(view.counts()).isEqualTo(COUNTS);
  }

  @Test
  void aDeltaLeadsToTheNextViewAndLeavesTheOldOneAsItWas() {
    Member robert = new Member("@bob", "@bob", "Robert");
    View next =
        view.apply(delta(10, 12, List.of(CYD), List.of("@ann"), List.of("@cyd"), List.of(robert)));
    assertThat(next.online()).containsOnlyKeys("@bob", "@cyd").containsValue(robert);
    assertThat(next.here()).as("who left is away").containsExactly("@cyd");
    assertThat(next.at()).isEqualTo(new Position(7, 12));
    assertThat(view.online()).containsOnlyKeys("@ann", "@bob");
  }

  @Test
  void aChatMessageIsOneSeqAndChangesNoSet() {
    View next = view.apply(said(7, 11));
    assertThat(next.at().seq()).isEqualTo(11);
    assertThat(next.online()).isEqualTo(view.online());
    assertThat(next.counts()).isEqualTo(COUNTS);
  }

  @Test
  void aChangeOfTheCountsChangesNoSet() {
    Counts more = new Counts(3, 1, 3, 1);
    View next = view.apply(new CountsChange("i", 7, 10, 15, more, null));
    assertThat(next.counts()).isEqualTo(more);
    assertThat(next.at().seq()).isEqualTo(15);
    assertThat(next.online()).isEqualTo(view.online());
  }

  @Test
  void aFurtherPageBelongsToTheSameCut() {
    View more = view.plus(page(10));
    assertThat(more.online()).containsOnlyKeys("@ann", "@bob", "@cyd");
    assertThat(more.here()).containsExactlyInAnyOrder("@ann", "@cyd");
    assertThat(more.at()).isEqualTo(view.at());
    assertThatThrownBy(() -> view.plus(page(11))).isInstanceOf(View.Gap.class);
  }

  @Test
  void whatDoesNotComeNextIsAGap() {
    assertGap(() -> view.apply(delta(11, 12, List.of(), List.of(), List.of(), List.of())));
    assertGap(() -> view.apply(delta(9, 12, List.of(), List.of(), List.of(), List.of())));
    assertGap(() -> view.apply(said(7, 12)));
    assertGap(() -> view.apply(said(8, 11)));
    assertGap(() -> view.apply(new CountsChange("i", 7, 9, 11, COUNTS, null)));
  }

  private static void assertGap(Runnable change) {
    assertThatThrownBy(change::run).isInstanceOf(View.Gap.class).hasMessageContaining("stands at");
  }

  private static Delta delta(
      long from,
      long seq,
      List<Member> joined,
      List<String> left,
      List<String> here,
      List<Member> renamed) {
    return new Delta("i", 7, from, seq, joined, left, here, List.of(), renamed, COUNTS, null);
  }

  private static Said said(long epoch, long seq) {
    return new Said("i", epoch, seq, "m", ANN, "hello", 1, null, null);
  }

  private static Roster page(long seq) {
    return new Roster("i", 7, seq, List.of(CYD), List.of("@cyd"), COUNTS, null, null);
  }
}
