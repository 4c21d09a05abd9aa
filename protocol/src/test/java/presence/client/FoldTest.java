package presence.client;

import static org.assertj.core.api.Assertions.assertThat;
import static presence.client.Messages.countsChange;
import static presence.client.Messages.countsOnly;
import static presence.client.Messages.firstPage;
import static presence.client.Messages.joined;
import static presence.client.Messages.left;
import static presence.client.Messages.page;
import static presence.client.Messages.presence;
import static presence.client.Messages.said;

import java.util.Objects;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import presence.client.Fold.Ask;
import presence.client.Fold.Step;
import presence.client.Fold.Verdict;
import presence.protocol.Position;
import presence.protocol.ServerMessage;
import presence.protocol.View;

class FoldTest {
  private Fold fold = Fold.blank();

  private Step hear(ServerMessage message) {
    return hear(message, false);
  }

  private Step hear(ServerMessage message, boolean answer) {
    Step step = fold.step(message, answer);
    fold = step.fold();
    return step;
  }

  private void assertHeard(Step step, Verdict verdict) {
    assertThat(step.verdict()).isEqualTo(verdict);
    assertThat(step.ask()).isNull();
  }

  private void assertHeard(Step step, Verdict verdict, Ask ask) {
    assertThat(step.verdict()).isEqualTo(verdict);
    assertThat(step.ask()).isEqualTo(ask);
  }

  private View view() {
    return Objects.requireNonNull(fold.view());
  }

  @Nested
  class Blank {
    @Test
    void takesASnapshot() {
      assertHeard(hear(presence(3, null, "@ann")), Verdict.APPLIED);
      assertThat(view().online()).containsOnlyKeys("@ann");
      assertThat(fold.position()).isEqualTo(new Position(Messages.EPOCH, 3));
    }

    @Test
    void leavesChangesAsideAndAsksForNothingBecauseASnapshotIsOnItsWay() {
      assertHeard(hear(joined(3, 4, null, "@bob")), Verdict.GAP);
      assertThat(fold.view()).isNull();
      assertThat(fold.position()).isNull();
    }
  }

  @Nested
  class Following {
    Following() {
      hear(presence(10, null, "@ann"));
    }

    @Test
    void appliesWhatComesNext() {
      assertHeard(hear(joined(10, 12, null, "@bob")), Verdict.APPLIED);
      assertHeard(hear(said(13, null, null)), Verdict.APPLIED);
      assertHeard(hear(left(13, 14, "@ann")), Verdict.APPLIED);
      assertThat(view().online()).containsOnlyKeys("@bob");
      assertThat(view().at().seq()).isEqualTo(14);
    }

    @Test
    void ignoresWhatItKnows() {
      assertHeard(hear(joined(8, 10, null, "@bob")), Verdict.STALE);
      assertHeard(hear(said(10, null, null)), Verdict.STALE);
      assertHeard(hear(joined(10, 10, null)), Verdict.STALE);
      assertThat(view().online()).containsOnlyKeys("@ann");
    }

    @Test
    void asksOnceForWhatItMissed() {
      Position at = new Position(Messages.EPOCH, 10);
      assertHeard(hear(joined(11, 12, null, "@bob")), Verdict.GAP, new Ask.CatchUp(at));
      assertHeard(hear(joined(12, 13, null, "@cyd")), Verdict.GAP);
      assertHeard(hear(joined(10, 13, "r", "@bob", "@cyd"), true), Verdict.APPLIED);
      assertHeard(hear(joined(13, 14, null, "@dee")), Verdict.APPLIED);
      assertThat(view().online()).containsOnlyKeys("@ann", "@bob", "@cyd", "@dee");
    }

    @Test
    void asksAgainAfterTheNextGap() {
      hear(joined(11, 12, null, "@bob"));
      hear(joined(10, 12, "r", "@bob"), true);
      Position at = new Position(Messages.EPOCH, 12);
      assertHeard(hear(said(14, null, null)), Verdict.GAP, new Ask.CatchUp(at));
    }

    @Test
    void asksForASnapshotWhenTheAnswerDoesNotFit() {
      hear(joined(11, 12, null, "@bob"));
      assertHeard(hear(joined(11, 13, "r", "@cyd"), true), Verdict.GAP, new Ask.Snapshot());
      assertThat(fold.position()).isNull();
      assertThat(view().online()).containsOnlyKeys("@ann");
      assertHeard(hear(presence(13, "r2", "@bob")), Verdict.APPLIED);
      assertThat(view().online()).containsOnlyKeys("@bob");
    }

    @Test
    void takesASnapshotForAnAnswer() {
      hear(joined(11, 12, null, "@bob"));
      assertHeard(hear(presence(2, "r", "@eve"), true), Verdict.APPLIED);
      assertThat(view().at().seq()).isEqualTo(2);
    }

    @Test
    void keepsItsPositionWhenTheSocketIsLostAndAsksAnew() {
      hear(joined(11, 12, null, "@bob"));
      fold = fold.lost();
      assertThat(fold.position()).isEqualTo(new Position(Messages.EPOCH, 10));
      assertThat(hear(joined(11, 12, null)).ask()).isInstanceOf(Ask.CatchUp.class);
    }

    @Test
    void countsAloneAreAGap() {
      assertThat(hear(countsChange(10, 11, 5)).verdict()).isEqualTo(Verdict.GAP);
    }
  }

  @Nested
  class CountsMode {
    @Test
    void followsTheNumbers() {
      hear(countsOnly(10, 900, null));
      assertHeard(hear(countsChange(10, 14, 901)), Verdict.APPLIED);
      assertHeard(hear(said(15, null, null)), Verdict.APPLIED);
      assertHeard(hear(joined(15, 16, null, "@ann")), Verdict.APPLIED);
      assertThat(view().online()).isEmpty();
      assertThat(view().counts().people()).isEqualTo(16);
      assertThat(hear(countsChange(17, 18, 1)).verdict()).isEqualTo(Verdict.GAP);
    }
  }

  @Nested
  class Paging {
    @Test
    void collectsThePagesAndThenAppliesWhatItHeld() {
      assertHeard(hear(firstPage(20, "c2", null, "@ann")), Verdict.PARTIAL, new Ask.Page("c2"));
      assertHeard(hear(joined(19, 20, null, "@old")), Verdict.STALE);
      assertHeard(hear(left(20, 21, "@ann")), Verdict.HELD);
      assertHeard(hear(said(22, null, null)), Verdict.HELD);
      assertHeard(hear(page(20, "c3", "r", "@bob"), true), Verdict.PARTIAL, new Ask.Page("c3"));
      assertThat(fold.view()).isNull();
      assertHeard(hear(page(20, null, "r", "@cyd"), true), Verdict.APPLIED);
      assertThat(view().online()).containsOnlyKeys("@bob", "@cyd");
      assertThat(view().at().seq()).isEqualTo(22);
    }

    @Test
    void keepsTheWholeCutBeforeMeanwhile() {
      hear(presence(10, null, "@ann"));
      hear(firstPage(20, "c2", null, "@bob"));
      assertThat(view().at().seq()).isEqualTo(10);
      assertThat(fold.position()).isNull();
    }

    @Test
    void startsAgainWhenAPageIsOfAnotherCut() {
      hear(firstPage(20, "c2", null, "@ann"));
      assertHeard(hear(page(21, null, "r", "@b"), true), Verdict.CONFLICT, new Ask.Snapshot());
    }

    @Test
    void findsAGapAmongWhatItHeldAtTheLastPage() {
      hear(firstPage(20, "c2", null, "@ann"));
      hear(left(21, 22, "@ann"));
      hear(said(23, null, null));
      assertHeard(
          hear(page(20, null, "r", "@bob"), true),
          Verdict.GAP,
          new Ask.CatchUp(new Position(Messages.EPOCH, 20)));
      assertThat(view().online()).containsOnlyKeys("@ann", "@bob");
    }

    @Test
    void startsAgainRatherThanHoldWithoutEnd() {
      hear(firstPage(20, "c2", null, "@ann"));
      for (int i = 0; i < Fold.HELD_MAX; i++) {
        assertThat(hear(said(21 + i, null, null)).verdict()).isEqualTo(Verdict.HELD);
      }
      assertHeard(hear(said(99_999, null, null)), Verdict.GAP, new Ask.Snapshot());
    }

    @Test
    void startsAgainAfterALostSocket() {
      hear(firstPage(20, "c2", null, "@ann"));
      fold = fold.lost();
      assertThat(fold.position()).isNull();
      assertHeard(hear(page(20, null, "r", "@bob"), true), Verdict.IGNORED);
    }
  }
}
