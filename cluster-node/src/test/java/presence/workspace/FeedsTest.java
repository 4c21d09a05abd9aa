package presence.workspace;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.pcollections.TreePVector;
import presence.protocol.Position;
import presence.workspace.WorkspaceCommand.Changes;
import presence.workspace.WorkspaceCommand.Cut;
import presence.workspace.WorkspaceCommand.Feed;

class FeedsTest {
  private static final int MANY = 2 * Feeds.PART + 1;

  private final WorkspaceState state =
      new WorkspaceState(
          WorkspaceState.EMPTY.about(),
          WorkspaceState.EMPTY.sessions(),
          Claims.NONE,
          Fences.NONE,
          new Position(7, MANY),
          0,
          TreePVector.from(
              IntStream.rangeClosed(1, MANY)
                  .<Change>mapToObj(seq -> new Change.Deleted("s" + seq))
                  .toList()));

  @Test
  void manyChangesAreToldInPartsThatFollowEachOther() {
    List<Feed> feeds = Feeds.since("w", state, new Position(7, 0));
    assertThat(feeds).hasSize(3);
    long seq = 0;
    for (Feed each : feeds) {
      Changes part = (Changes) each;
      assertThat(part.from()).isEqualTo(new Position(7, seq));
      assertThat(part.changes()).first().isEqualTo(new Change.Deleted("s" + (seq + 1)));
      seq += part.changes().size();
    }
    assertThat(seq).isEqualTo(MANY);
  }

  @Test
  void whoLacksNothingIsToldNothing() {
    assertThat(Feeds.since("w", state, new Position(7, MANY))).isEmpty();
  }

  @Test
  void whoIsElsewhereIsShownTheWhole() {
    assertThat(Feeds.since("w", state, new Position(6, 3)))
        .containsExactly(new Cut(state.view("w")));
  }
}
