package presence.world;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import presence.protocol.Member;
import presence.protocol.ServerMessage.Parting;
import presence.protocol.Spot;

class AvatarsTest {
  private static final Spot HERE = new Spot(1, 2, null);
  private static final Place ELSEWHERE = new Place(new Spot(8, 9, null), 3, 4);

  private Avatars avatars = Avatars.NONE;

  private static Stay stay(long entered, boolean ghost) {
    return new Stay(entered, new Member("@ann", "@ann", null), "{}", HERE, ghost);
  }

  private void hears(String session, long n, @Nullable Stay stay, long at) {
    avatars = avatars.hear(new Visit(session, n, stay), "@ann", null, at);
  }

  private Figure ann() {
    return avatars.of("s1").orElseThrow();
  }

  @Nested
  class OfASessionThatEntered {
    OfASessionThatEntered() {
      hears("s1", 5, stay(5, false), 100);
    }

    @Test
    void thereIsOneWhereItEntered() {
      assertThat(avatars.figures())
          .containsExactly(new Figure("@ann", "s1", 5, 5, "@ann", "{}", Place.at(HERE), 0));
    }

    @Test
    void anOlderWordChangesNothing() {
      hears("s1", 5, null, 200);
      hears("s1", 4, stay(4, true), 200);
      assertThat(ann().n()).isEqualTo(5);
      assertThat(ann().isGhost()).isFalse();
    }

    @Test
    void theGhostIsOneSinceTheFirstWordOfIt() {
      hears("s1", 6, stay(5, true), 200);
      hears("s1", 7, stay(5, true), 300);
      assertThat(ann().ghostSince()).isEqualTo(200);
      hears("s1", 8, stay(5, false), 400);
      assertThat(ann().isGhost()).isFalse();
    }

    @Test
    void itStaysWhereItWasUnlessItEntersAnew() {
      avatars = avatars.hear(new Visit("s1", 6, stay(5, true)), "@ann", ELSEWHERE, 200);
      assertThat(ann().place()).isEqualTo(ELSEWHERE);
      avatars = avatars.hear(new Visit("s1", 7, stay(7, false)), "@ann", ELSEWHERE, 300);
      assertThat(ann().place()).isEqualTo(Place.at(HERE));
    }

    @Test
    void whoLeftIsGoneAndKnowsIt() {
      Avatars before = avatars;
      hears("s1", 6, null, 200);
      assertThat(avatars.isEmpty()).isTrue();
      assertThat(avatars.untold()).isEmpty();
      assertThat(avatars.leftSince(before)).containsExactly(new Departure("@ann", Parting.LEFT));
    }

    @Test
    void aGhostWhoseTimeIsOverIsGoneAndMustBeTold() {
      hears("s1", 6, stay(5, true), 200);
      Avatars before = avatars;
      avatars = avatars.gone("s1", 5_200);
      assertThat(avatars.untold()).containsOnlyKeys("s1");
      assertThat(avatars.leftSince(before)).containsExactly(new Departure("@ann", Parting.GONE));
    }

    @Test
    void theReturnFromAStayThatIsOverChangesNothingUntilItEntersAgain() {
      avatars = avatars.gone("s1", 5_200);
      Visit back = new Visit("s1", 6, stay(5, false));
      assertThat(avatars.isOver(back)).isTrue();
      hears("s1", 6, back.stay(), 5_300);
      assertThat(avatars.isEmpty()).isTrue();
      hears("s1", 7, stay(7, false), 5_400);
      assertThat(ann().entered()).isEqualTo(7);
    }

    @Test
    void anotherSessionOfThePersonTakesItOver() {
      hears("s2", 3, stay(3, false), 200);
      assertThat(avatars.size()).isEqualTo(1);
      assertThat(avatars.of("s1")).isEmpty();
      assertThat(avatars.of("s2")).isPresent();
      assertThat(avatars.untold())
          .containsExactly(
              Map.entry("s1", new Avatars.Departed(5, 200, "@ann", Parting.TAKEN_OVER, false)));
    }

    @Test
    void whoseSessionIsUnknownIsGoneAndNobodyIsTold() {
      avatars = avatars.unknown("s1", 200);
      assertThat(avatars.isEmpty()).isTrue();
      assertThat(avatars.untold()).isEmpty();
    }
  }

  @Test
  void aLastWordIsForgottenInTimeUnlessItsSessionDoesNotKnow() {
    hears("s1", 5, stay(5, false), 100);
    hears("s2", 5, stay(5, false), 100);
    hears("s2", 6, null, 200);
    assertThat(avatars.departed()).containsOnlyKeys("s1", "s2");
    assertThat(avatars.forgetDeparted(10_000).departed()).containsOnlyKeys("s1");
  }

  @Test
  void theSameAvatarsAreMadeOfTheirListsAgain() {
    hears("s1", 5, stay(5, true), 100);
    hears("s2", 6, null, 200);
    Avatars again = Avatars.of(List.copyOf(avatars.figures()), Map.copyOf(avatars.departed()));
    assertThat(again.newSince(avatars)).isEmpty();
    assertThat(again.leftSince(avatars)).isEmpty();
    assertThat(again.departed()).isEqualTo(avatars.departed());
  }
}
