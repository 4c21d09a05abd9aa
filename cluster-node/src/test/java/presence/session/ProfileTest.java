package presence.session;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import presence.protocol.Setting;

class ProfileTest {
  private final Profile ann = new Profile("Ann", "phone", "chat~hello", false);

  @Test
  void ofANewSessionIsNowhereAndVisible() {
    assertThat(Profile.BLANK).isEqualTo(new Profile(null, null, null, true));
  }

  @Nested
  class AnUpdate {
    @Test
    void leavesWhatItLeavesOut() {
      assertThat(ann.with(new Profile.Update(null, null, null, null))).isEqualTo(ann);
    }

    @Test
    void setsToNothingWhatItSetsToNothing() {
      assertThat(ann.with(new Profile.Update(Setting.NONE, null, Setting.NONE, null)))
          .isEqualTo(new Profile(null, "phone", null, false));
    }

    @Test
    void setsWhatItNames() {
      assertThat(ann.with(new Profile.Update(Setting.to("Anna"), "desk", Setting.to("docs"), true)))
          .isEqualTo(new Profile("Anna", "desk", "docs", true));
    }
  }

  @Nested
  class TwoMoves {
    private final Action.Move away = new Action.Move(Setting.to("docs"), true);

    @Test
    void areTheLaterOneWhereItSaysSomething() {
      assertThat(away.then(new Action.Move(Setting.NONE, false)))
          .isEqualTo(new Action.Move(Setting.NONE, false));
    }

    @Test
    void areTheEarlierOneWhereTheLaterIsSilent() {
      assertThat(away.then(new Action.Move(null, false)))
          .isEqualTo(new Action.Move(Setting.to("docs"), false));
      assertThat(away.then(new Action.Move(Setting.to("chat"), null)))
          .isEqualTo(new Action.Move(Setting.to("chat"), true));
    }
  }
}
