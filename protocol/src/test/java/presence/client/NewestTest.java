package presence.client;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NewestTest {
  private final Newest newest = new Newest();
  private long now = 1_000_000;

  private boolean datagram(String id, long seq) {
    return newest.takes(id, seq, true, now);
  }

  private boolean socket(String id, long seq) {
    return newest.takes(id, seq, false, now);
  }

  @Test
  void whateverTheSocketSaysIsNewsWhileThereAreNoDatagrams() {
    assertThat(socket("@bob", 7)).isTrue();
    assertThat(socket("@bob", 3)).isTrue();
    assertThat(socket("@bob", 3)).isTrue();
  }

  @Test
  void whatWasOvertakenIsNone() {
    assertThat(datagram("@bob", 7)).isTrue();
    assertThat(datagram("@bob", 7)).isFalse();
    assertThat(datagram("@bob", 6)).isFalse();
    assertThat(socket("@bob", 6)).isFalse();
    assertThat(datagram("@ann", 6)).isTrue();
    assertThat(socket("@bob", 8)).isTrue();
    assertThat(datagram("@bob", 7)).isFalse();
    assertThat(datagram("@bob", 9)).isTrue();
  }

  @Test
  void theSocketIsInOrderByItself() {
    datagram("@bob", 7);
    assertThat(socket("@bob", 8)).isTrue();
    assertThat(socket("@bob", 1)).isTrue();
  }

  @Test
  void afterAWhileALowerNumberIsThatOfAnotherClient() {
    datagram("@bob", 7);
    now += Newest.OVERTAKING_MS - 1;
    assertThat(datagram("@bob", 1)).isFalse();
    now += 1;
    assertThat(datagram("@bob", 1)).isTrue();
    assertThat(datagram("@bob", 2)).isTrue();
  }

  @Test
  void whosePlaceWasToldBeginsAnew() {
    datagram("@bob", 7);
    newest.forget("@bob");
    assertThat(datagram("@bob", 1)).isTrue();
    datagram("@ann", 7);
    newest.forgetAll();
    assertThat(socket("@ann", 1)).isTrue();
  }
}
