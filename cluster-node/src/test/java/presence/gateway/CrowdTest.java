package presence.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import presence.protocol.Avatar;
import presence.protocol.Json;
import presence.protocol.Position;
import presence.protocol.ServerMessage;
import presence.protocol.ServerMessage.Parting;
import presence.protocol.Spot;
import presence.world.Departure;
import presence.world.Figure;
import presence.world.Place;
import presence.world.Stride;
import presence.world.World;

class CrowdTest {
  private static final Spot HERE = new Spot(1, 2, null);
  private static final Place MOVED = new Place(new Spot(8, 9, null), 1, 5);
  private static final Json LOOK = new Json("{}");

  private final Plain plain = new Plain(new Plain.Limits(null, 100, 100));
  private final Crowd crowd = new Crowd("garden", plain);

  private static Figure figure(String id, String session, long entered, long ghostSince) {
    return new Figure(id, session, 9, entered, id, "{}", Place.at(HERE), ghostSince);
  }

  private static Position at(long seq) {
    return new Position(1_000, seq);
  }

  private static World.Published news(long seq, List<Figure> figures, Departure... left) {
    return new World.Published(at(seq), seq - 1, figures, List.of(left));
  }

  private List<ServerMessage> becomes(long seq, Figure... figures) {
    return crowd.become(at(seq), List.of(figures));
  }

  @Nested
  class WithOne {
    WithOne() {
      assertThat(becomes(4, figure("@ann", "s1", 3, 0)))
          .containsExactly(new ServerMessage.Entered("garden", "@ann", "@ann", LOOK, HERE));
    }

    @Test
    void tellsNothingOfWhatIsTheSame() {
      assertThat(becomes(7, figure("@ann", "s1", 3, 0))).isEmpty();
      assertThat(crowd.at()).isEqualTo(at(7));
    }

    @Test
    void tellsOfAGhostAndItsReturn() {
      assertThat(crowd.apply(news(5, List.of(figure("@ann", "s1", 3, 50)))))
          .containsExactly(new ServerMessage.Ghosted("garden", "@ann"));
      assertThat(crowd.apply(news(6, List.of(figure("@ann", "s1", 3, 0)))))
          .containsExactly(new ServerMessage.Returned("garden", "@ann", HERE));
    }

    @Test
    void tellsNothingOfAGhostThatReturnedMeanwhile() {
      crowd.apply(news(5, List.of(figure("@ann", "s1", 3, 0))));
      assertThat(crowd.isFollowedBy(news(9, List.of()))).isFalse();
      assertThat(becomes(9, figure("@ann", "s1", 3, 0))).isEmpty();
    }

    @Test
    void aGhostReturnsInAnotherSession() {
      crowd.apply(news(5, List.of(figure("@ann", "s1", 3, 50))));
      assertThat(crowd.apply(news(6, List.of(figure("@ann", "s2", 8, 0)))))
          .containsExactly(new ServerMessage.Returned("garden", "@ann", HERE));
      assertThat(crowd.of("s1")).isEmpty();
      assertThat(crowd.of("s2")).isPresent();
    }

    @Test
    void whoEntersAnewIsSeenToLeaveAndJoin() {
      assertThat(crowd.apply(news(5, List.of(figure("@ann", "s2", 8, 0)))))
          .containsExactly(
              new ServerMessage.Exited("garden", "@ann", Parting.CHANGED),
              new ServerMessage.Entered("garden", "@ann", "@ann", LOOK, HERE));
    }

    @Test
    void keepsThePlaceItKnowsUntilANewerOneIsTold() {
      plain.move("@ann", MOVED);
      becomes(7, figure("@ann", "s1", 3, 0));
      assertThat(plain.placeOf("@ann")).isEqualTo(MOVED);
      assertThat(crowd.strides()).containsExactly(new Stride("s1", 3, MOVED));
      assertThat(crowd.others("@bob"))
          .containsExactly(new Avatar("@ann", "@ann", LOOK, MOVED.spot(), false));
    }

    @Test
    void tellsWhyWhoLeft() {
      assertThat(crowd.apply(news(5, List.of(), new Departure("@ann", Parting.GONE))))
          .containsExactly(new ServerMessage.Exited("garden", "@ann", Parting.GONE));
      assertThat(crowd.others("")).isEmpty();
      assertThat(plain.placeOf("@ann")).isNull();
    }

    @Test
    void whoIsMissingInTheWholeHasLeft() {
      assertThat(becomes(9, figure("@bob", "s2", 1, 50)))
          .containsExactly(
              new ServerMessage.Exited("garden", "@ann", Parting.LEFT),
              new ServerMessage.Entered("garden", "@bob", "@bob", LOOK, HERE),
              new ServerMessage.Ghosted("garden", "@bob"));
    }
  }

  @Test
  void takesOnlyTheNextChanges() {
    assertThat(crowd.isFollowedBy(news(1, List.of()))).isTrue();
    becomes(4);
    assertThat(crowd.isFollowedBy(news(4, List.of()))).isFalse();
    assertThat(crowd.isFollowedBy(news(5, List.of()))).isTrue();
    assertThat(crowd.isFollowedBy(news(6, List.of()))).isFalse();
    assertThat(crowd.hasReached(at(4))).isTrue();
    assertThat(crowd.hasReached(at(5))).isFalse();
    assertThat(crowd.hasReached(new Position(2_000, 1))).isFalse();
  }
}
