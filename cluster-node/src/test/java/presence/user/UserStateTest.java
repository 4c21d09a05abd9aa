package presence.user;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class UserStateTest {
  private static final long HOUR = 3_600_000;
  private static final Doing READING = new Doing("Ann", "docs", Set.of());
  private static final Doing CHATTING = new Doing("Annie", "chat", Set.of("room"));

  private UserState state = UserState.EMPTY;

  private void hears(String session, long n, @Nullable Doing doing, long at) {
    state = state.apply(new UserEvent.Told(session, n, doing, at), HOUR);
  }

  @Nested
  class WhoNeverCame {
    @Test
    void doesNotExist() {
      assertThat(state.seen("@ann"))
          .isEqualTo(new User.Seen("@ann", null, false, false, List.of(), null, null));
    }
  }

  @Nested
  class WithTwoSessions {
    WithTwoSessions() {
      hears("s1", 1, CHATTING, 100);
      hears("s2", 1, READING, 200);
    }

    @Test
    void isWhereTheNewestWordSaysAndHereWhereAnySessionLooks() {
      assertThat(state.seen("@ann"))
          .isEqualTo(new User.Seen("@ann", "Ann", true, true, List.of("room"), "docs", null));
    }

    @Test
    void staysOnlineWithTheOtherOne() {
      hears("s2", 2, null, 300);
      assertThat(state.seen("@ann"))
          .isEqualTo(new User.Seen("@ann", "Annie", true, true, List.of("room"), "chat", null));
      assertThat(state.live()).containsExactly("s1");
    }

    @Test
    void wasLastSeenWhenTheLastEnded() {
      hears("s2", 2, null, 300);
      hears("s1", 2, null, 400);
      assertThat(state.seen("@ann"))
          .isEqualTo(new User.Seen("@ann", null, true, false, List.of(), null, 400L));
    }
  }

  @Nested
  @DisplayName("a word not newer than the last (R4)")
  class AnOldWord {
    @Test
    void changesNothing() {
      hears("s1", 5, CHATTING, 100);
      UserState before = state;
      hears("s1", 5, READING, 200);
      hears("s1", 4, null, 200);
      assertThat(state).isEqualTo(before);
    }

    @Test
    void doesNotBringBackASessionThatEnded() {
      hears("s1", 5, CHATTING, 100);
      hears("s1", 6, null, 200);
      hears("s1", 5, CHATTING, 300);
      assertThat(state.has("s1")).isFalse();
      assertThat(state.stepOf("s1")).isEqualTo(6);
    }

    @Test
    void ofAnEndedSessionIsRememberedForAnHour() {
      hears("s1", 6, null, 200);
      hears("s2", 1, READING, 200 + HOUR);
      assertThat(state.stepOf("s1")).isEqualTo(6);
      hears("s2", 2, READING, 201 + HOUR);
      assertThat(state.stepOf("s1")).isZero();
    }
  }

  @Nested
  class ABan {
    @Test
    void lastsUntilItsEnd() {
      state = state.apply(new UserEvent.Banned(1_000, 100, null), HOUR);
      assertThat(state.isBanned(999)).isTrue();
      assertThat(state.isBanned(1_000)).isFalse();
    }

    @Test
    void isNotLiftedByAKick() {
      state = state.apply(new UserEvent.Banned(1_000, 100, null), HOUR);
      state = state.apply(new UserEvent.Banned(0, 200, null), HOUR);
      assertThat(state.isBanned(300)).isTrue();
    }

    @Test
    void doesNotMakeAPersonExist() {
      state = state.apply(new UserEvent.Banned(1_000, 100, null), HOUR);
      assertThat(state.seen("@ann").exists()).isFalse();
    }
  }

  @Test
  void aSnapshotIsTheSameState() {
    hears("s1", 5, CHATTING, 100);
    hears("s2", 6, null, 200);
    state = state.apply(new UserEvent.Banned(1_000, 300, null), HOUR);
    assertThat(state.snapshot().state()).isEqualTo(state);
  }
}
