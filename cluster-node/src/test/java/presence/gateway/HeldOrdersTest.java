package presence.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import presence.protocol.Setting;
import presence.session.Action;

class HeldOrdersTest {
  private final HeldOrders orders =
      new HeldOrders(
          new HeldOrders.Limits(
              10, 1_000, Duration.ofSeconds(25), Duration.ofSeconds(1), Duration.ofSeconds(4)));

  @Test
  void aMoveWaitsUntilItIsAnswered() {
    orders.offer(new Action.Join("room"), null, 1, 0);
    assertThat(orders.holdsMove()).isFalse();
    orders.offer(new Action.Move(Setting.to("room"), null), null, 1, 0);
    assertThat(orders.holdsMove()).isTrue();
    orders.answered(orders.last());
    assertThat(orders.holdsMove()).isFalse();
  }

  @Test
  void ofTwoMovesTheLaterWaitsForTheEarlier() {
    orders.offer(new Action.Move(null, false), null, 1, 0);
    orders.offer(new Action.Move(null, true), null, 1, 0);
    assertThat(orders.due(0)).extracting(HeldOrders.Held::number).containsExactly(1L);
    orders.answered(1);
    assertThat(orders.due(0)).extracting(HeldOrders.Held::number).containsExactly(2L);
  }

  @Test
  void whatTheConnectionItselfWantsFindsRoom() {
    for (int i = 0; i < 10; i++) {
      assertThat(orders.offer(new Action.Join("room-" + i), null, 1, 0)).isTrue();
    }
    assertThat(orders.offer(new Action.Leave("room-1"), null, 1, 0)).isFalse();
    assertThat(orders.add(new Action.Leave("room-1"), null, 1, 0)).isEqualTo(orders.last());
    assertThat(orders.holdsAnyOf("room-1")).isTrue();
    orders.answered(2);
    assertThat(orders.due(0)).extracting(HeldOrders.Held::number).contains(orders.last());
    orders.answered(orders.last());
    assertThat(orders.holdsAnyOf("room-1")).isFalse();
  }
}
