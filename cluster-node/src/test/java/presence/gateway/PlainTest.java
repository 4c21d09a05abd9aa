package presence.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import presence.protocol.Codec;
import presence.protocol.Position;
import presence.protocol.Spot;
import presence.protocol.Step;
import presence.world.Place;

class PlainTest {
  private static final Codec CODEC = new Codec(64 * 1024, 32);

  private static Place at(double x, double y, long seq) {
    return new Place(new Spot(x, y, null), 1, seq);
  }

  private static List<Step> all(Map<Plain.Cell, List<Step>> told) {
    return told.values().stream().flatMap(List::stream).toList();
  }

  @Nested
  class WithCells {
    private final Plain plain = new Plain(new Plain.Limits(10.0, 3, 2));

    @Test
    void tellsThoseNearOfTheNewestAndOthersToo() {
      plain.appear("ann", at(5, 5, 0));
      plain.move("ann", at(6, 5, 1));
      plain.move("ann", at(7, 5, 2));
      Plain.Turn turn = plain.turn();
      Step step = new Step("ann", new Spot(7, 5, null), 2);
      assertThat(all(turn.near())).containsExactly(step);
      assertThat(all(turn.far())).containsExactly(step);
      assertThat(plain.hasNews()).isFalse();
    }

    @Test
    void leavesWhatIsTooMuchForTheNextTurn() {
      for (int i = 0; i < 5; i++) {
        plain.appear("a" + i, at(i, 0, 0));
        plain.move("a" + i, at(i, 1, 1));
      }
      assertThat(all(plain.turn().near())).extracting(Step::id).containsExactly("a0", "a1", "a2");
      plain.move("a0", at(0, 2, 2));
      assertThat(all(plain.turn().near())).extracting(Step::id).containsExactly("a3", "a4", "a0");
      assertThat(plain.hasNews()).isTrue();
    }

    @Test
    void tellsNobodyMoreThanTheBoundOfAllCellsAround() {
      Plain roomy = new Plain(new Plain.Limits(10.0, 100, 2));
      for (int i = 0; i < 300; i++) {
        String id = "a" + i;
        roomy.appear(id, at(i % 30, i / 30 * 3, 0));
        roomy.move(id, at(i % 30, i / 30 * 3 + 1, 1));
      }
      Plain.Turn turn = roomy.turn();
      List<Integer> told =
          turn.near().keySet().stream()
              .map(cell ->
                  turn.near().entrySet().stream()
                      .filter(each -> each.getKey().isNear(cell))
                      .mapToInt(each -> each.getValue().size())
                      .sum())
              .toList();
      assertThat(told).allMatch(moves -> moves <= 100).anyMatch(moves -> moves > 80);
    }

    @Test
    void tellsOneOfEachCellAtLeast() {
      for (int i = 0; i < 9; i++) {
        plain.appear("a" + i, at(i % 3 * 10, i / 3 * 10, 0));
        plain.move("a" + i, at(i % 3 * 10 + 1, i / 3 * 10, 1));
      }
      assertThat(plain.turn().near().values()).hasSize(9).allMatch(steps -> steps.size() == 1);
    }

    @Test
    void tellsOfACrossingOnBothSides() {
      plain.appear("ann", at(5, 5, 0));
      plain.move("ann", at(45, 5, 1));
      assertThat(plain.turn().near().keySet())
          .containsExactlyInAnyOrder(new Plain.Cell(0, 0), new Plain.Cell(4, 0));
    }

    @Test
    void forgetsWhoIsGone() {
      plain.appear("ann", at(5, 5, 0));
      plain.move("ann", at(6, 5, 1));
      plain.remove("ann");
      plain.move("ann", at(7, 5, 2));
      assertThat(all(plain.turn().near())).isEmpty();
      assertThat(plain.cellOf("ann")).isNull();
    }
  }

  @Test
  void withoutCellsEverybodyIsNear() {
    Plain plain = new Plain(new Plain.Limits(null, 100, 100));
    plain.appear("ann", at(5, 5, 0));
    plain.appear("bob", at(5e8, 5, 0));
    assertThat(plain.cellOf("ann")).isEqualTo(plain.cellOf("bob"));
  }

  /// What one who follows has been told.
  private static final class Sight {
    private final String self;
    private final Follower follower;
    private final Map<String, Spot> seen = new HashMap<>();

    Sight(String self) {
      this.self = self;
      this.follower =
          new Follower(
              new WorldRelay.Follow(
                  TestInbox.<WorldRelay.Delivery>create().getRef(),
                  self,
                  1,
                  Position.NOWHERE,
                  null),
              0);
    }

    void isTold(Round round, Plain plain) {
      for (Moves moves : round.of(plain.cellOf(self), follower)) {
        moves.steps().forEach(step -> seen.put(step.id(), step.pos()));
      }
    }
  }

  @RepeatedTest(20)
  void inTheEndEverybodyKnowsWhereEverybodyIs(RepetitionInfo repetition) {
    int seed = repetition.getCurrentRepetition();
    SplittableRandom chance = new SplittableRandom(seed);
    Plain plain = new Plain(new Plain.Limits(10.0, 3, 2));
    List<Sight> all = new ArrayList<>();
    IntStream.range(0, 12).forEach(i -> all.add(new Sight("a" + i)));
    for (Sight each : all) {
      plain.appear(each.self, at(0, 0, 0));
      each.follower.sees(plain.cellOf(each.self));
    }
    all.forEach(each -> all.forEach(other -> each.seen.put(other.self, new Spot(0, 0, null))));
    for (int seq = 1; seq < 200; seq++) {
      String who = all.get(chance.nextInt(all.size())).self;
      plain.move(who, at(chance.nextInt(60), chance.nextInt(60), seq));
      if (chance.nextInt(3) == 0) {
        turn(plain, all);
      }
    }
    while (plain.hasNews()) {
      turn(plain, all);
    }
    for (Sight each : all) {
      for (Sight other : all) {
        Place place = plain.placeOf(other.self);
        assertThat(each.seen.get(other.self))
            .as("%s as %s sees it, seed %d", other.self, each.self, seed)
            .isEqualTo(place == null ? null : place.spot());
      }
    }
  }

  private static void turn(Plain plain, List<Sight> all) {
    Round round = new Round("garden", plain, CODEC);
    all.forEach(each -> each.isTold(round, plain));
  }
}
