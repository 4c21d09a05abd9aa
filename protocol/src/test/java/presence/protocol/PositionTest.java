package presence.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PositionTest {
  private static final Position AT = new Position(5, 7);

  @Test
  void oneIsAfterAnotherInTheSameStreamOrInANewerOne() {
    assertThat(new Position(5, 8).isAfter(AT)).isTrue();
    assertThat(new Position(6, 0).isAfter(AT)).isTrue();
    assertThat(AT.isAfter(Position.NOWHERE)).isTrue();
  }

  @Test
  void noneIsAfterItselfOrAfterWhatIsFurtherOn() {
    assertThat(AT.isAfter(AT)).isFalse();
    assertThat(new Position(5, 6).isAfter(AT)).isFalse();
    assertThat(new Position(4, 900).isAfter(AT)).isFalse();
  }
}
