package presence.workspace;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import presence.protocol.Position;
import presence.workspace.WorkspaceEvent.Attached;
import presence.workspace.WorkspaceEvent.Deleted;
import presence.workspace.WorkspaceEvent.Detached;
import presence.workspace.WorkspaceEvent.Dropped;
import presence.workspace.WorkspaceEvent.Held;
import presence.workspace.WorkspaceEvent.Opened;
import presence.workspace.WorkspaceEvent.RunEnded;
import presence.workspace.WorkspaceEvent.RunStarted;
import presence.workspace.WorkspaceEvent.Saved;
import presence.workspace.WorkspaceEvent.Selected;

class WorkspaceStateTest {
  private static final long BEGINNING = 1_000;
  private static final long WEEK = Limits.SESSIONS_KEPT.toMillis();

  private WorkspaceState state = WorkspaceState.EMPTY;

  private void happens(WorkspaceEvent... events) {
    for (WorkspaceEvent event : events) {
      state = state.apply(event, Limits.LIMITS);
    }
  }

  private static Saved saved(String session) {
    return new Saved(new Session(session, null, BEGINNING, BEGINNING));
  }

  private static SessionView view(String session, boolean busy, int attached, int leased) {
    return new SessionView(session, null, BEGINNING, BEGINNING, busy, attached, leased);
  }

  private List<Change> since(long seq) {
    return state.since(new Position(BEGINNING, seq)).orElseThrow();
  }

  @BeforeEach
  void open() {
    happens(
        new Opened("/home/ann", "home", true, BEGINNING), new Held("ann", 1, BEGINNING + 30_000));
  }

  @Nested
  class TheStream {
    @BeforeEach
    void annLooksAtS1() {
      happens(saved("s1"), saved("s2"), new Attached("ann", 1), new Selected("ann", "s1"));
    }

    @Test
    void tellsOfEverySessionThatLooksDifferent() {
      assertThat(since(2)).containsExactly(new Change.Updated(view("s1", false, 1, 0)));
      happens(new Selected("ann", "s2"));
      assertThat(since(3))
          .containsExactly(
              new Change.Updated(view("s1", false, 0, 0)),
              new Change.Updated(view("s2", false, 1, 0)));
    }

    @Test
    void tellsOfALossAndAReturn() {
      happens(new Detached(List.of("ann"), 10_000));
      happens(new Attached("ann", 1));
      assertThat(since(3))
          .containsExactly(
              new Change.Updated(view("s1", false, 0, 1)),
              new Change.Updated(view("s1", false, 1, 0)));
    }

    @Test
    void tellsOfRuns() {
      happens(new RunStarted("ann", "r1", "s2"), new RunStarted("ann", "r2", "s2"));
      happens(new RunEnded("ann", "r1"), new RunEnded("ann", "r2"));
      assertThat(since(3))
          .containsExactly(
              new Change.Updated(view("s2", true, 0, 0)),
              new Change.Updated(view("s2", false, 0, 0)));
    }

    @Test
    void tellsOfTheEndOfAClaim() {
      happens(new RunStarted("ann", "r1", "s2"), new Attached("bob", 1));
      happens(new Dropped(List.of(new Claims.Ended("ann", 1)), 5_000));
      assertThat(since(4))
          .containsExactly(
              new Change.Updated(view("s1", false, 0, 0)),
              new Change.Updated(view("s2", false, 0, 0)));
    }

    @Test
    void tellsOfADeletionOnce() {
      happens(new Deleted("s1"));
      assertThat(since(3)).containsExactly(new Change.Deleted("s1"));
      assertThat(state.session("s1")).isNull();
      assertThat(state.claims().of("ann")).isEqualTo(Claim.first(1, new Claim.Attached()));
    }

    @Test
    void isSilentAboutWhatNobodySees() {
      long seq = state.at().seq();
      happens(new Attached("bob", 1), new Detached(List.of("bob"), 9_000));
      happens(new Selected("ann", "s1"));
      assertThat(state.at().seq()).isEqualTo(seq);
    }

    @Test
    void reachesBackAsFarAsItsRing() {
      for (int each = 0; each < Limits.RING; each++) {
        happens(new Selected("ann", each % 2 == 0 ? null : "s1"));
      }
      long seq = state.at().seq();
      assertThat(state.since(new Position(BEGINNING, seq))).hasValue(List.of());
      assertThat(state.since(new Position(BEGINNING, seq - Limits.RING)))
          .hasValueSatisfying(all -> assertThat(all).hasSize(Limits.RING));
      assertThat(state.since(new Position(BEGINNING, seq - Limits.RING - 1))).isEmpty();
      assertThat(state.since(new Position(BEGINNING, seq + 1))).isEmpty();
      assertThat(state.since(new Position(BEGINNING + 1, seq))).isEmpty();
    }

    @Test
    void foldsToTheView() {
      happens(new RunStarted("ann", "r1", "s2"), new Deleted("s1"), saved("s3"));
      WorkspaceView view = state.view("w");
      assertThat(view.sessions()).containsExactly(view("s2", true, 0, 0), view("s3", false, 0, 0));
      assertThat(view.seq()).isEqualTo(state.at().seq());
    }
  }

  @Nested
  class WhenTheLastClaimIsGone {
    @BeforeEach
    void gone() {
      happens(saved("s1"));
      happens(new Dropped(List.of(new Claims.Ended("ann", 1)), 5_000));
    }

    @Test
    void thereIsNoWorkspace() {
      assertThat(state.exists()).isFalse();
    }

    @Test
    void itsSessionsWaitForTheirTime() {
      assertThat(state.isForgotten(5_000 + WEEK - 1, Limits.LIMITS)).isFalse();
      assertThat(state.isForgotten(5_000 + WEEK, Limits.LIMITS)).isTrue();
    }

    @Test
    void whoCreatesItInTimeFindsThem() {
      happens(new Opened(null, "other", false, 6_000), new Held("bob", 3, 40_000));
      WorkspaceView view = state.view("w");
      assertThat(view.sessions()).containsExactly(view("s1", false, 0, 0));
      assertThat(view.path()).isEqualTo("/home/ann");
      assertThat(view.name()).isEqualTo("other");
      assertThat(view.epoch()).isEqualTo(BEGINNING);
    }

    @Test
    void whoCreatesItLateFindsNothingAndAnotherStream() {
      happens(new Opened(null, null, true, 9_000), new Held("bob", 3, 40_000));
      WorkspaceView view = state.view("w");
      assertThat(view.sessions()).isEmpty();
      assertThat(view.path()).isNull();
      assertThat(view.epoch()).isEqualTo(9_000);
      assertThat(view.seq()).isZero();
    }

    @Test
    void theNumberOfTheClaimIsDead() {
      assertThat(state.isStale("ann", 1)).isTrue();
      assertThat(state.isStale("ann", 2)).isFalse();
    }
  }

  @Test
  void aSnapshotHoldsEverythingButTheRing() {
    happens(saved("s1"), saved("s2"), new Attached("ann", 1), new Selected("ann", "s1"));
    happens(new Dropped(List.of(new Claims.Ended("bob", 8)), 5_000));

    WorkspaceState read = state.snapshot().state();

    assertThat(read.snapshot()).isEqualTo(state.snapshot());
    assertThat(read.view("w")).isEqualTo(state.view("w"));
    assertThat(read.isStale("bob", 8)).isTrue();
    assertThat(read.ring()).isEmpty();
  }
}
