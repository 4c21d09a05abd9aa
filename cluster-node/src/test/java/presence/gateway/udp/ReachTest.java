package presence.gateway.udp;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import presence.datagram.Echo;

class ReachTest {
  private static final Duration SILENCE = Duration.ofSeconds(5);
  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
  private static final InetSocketAddress HOME = new InetSocketAddress(LOOPBACK, 1_000);
  private static final InetSocketAddress ELSEWHERE = new InetSocketAddress(LOOPBACK, 2_000);

  private long echoes;

  private final Reach found = Reach.NOWHERE.pinged(HOME, Echo.NONE, this::another, 0);
  private final Reach confirmed = found.pinged(HOME, found.echo(), this::another, 1_000);

  private Echo another() {
    return new Echo(++echoes);
  }

  @Test
  void anAddressIsConfirmedByItsEcho() {
    assertThat(Reach.NOWHERE.isConfirmed(0, SILENCE)).isFalse();
    assertThat(found.address()).isEqualTo(HOME);
    assertThat(found.isConfirmed(0, SILENCE)).isFalse();
    assertThat(found.pinged(HOME, Echo.NONE, this::another, 0)).isEqualTo(found);
    assertThat(confirmed.isConfirmed(1_000, SILENCE)).isTrue();
  }

  @Test
  void confirmationEndsWithoutAnother() {
    assertThat(confirmed.isConfirmed(5_999, SILENCE)).isTrue();
    assertThat(confirmed.isConfirmed(6_000, SILENCE)).isFalse();
    Reach again = confirmed.pinged(HOME, confirmed.echo(), this::another, 60_000);
    assertThat(again.isConfirmed(60_000, SILENCE)).isTrue();
  }

  @Test
  void anEchoConfirmsOnce() {
    Reach same = confirmed.pinged(HOME, found.echo(), this::another, 5_000);

    assertThat(same).isEqualTo(confirmed);
    assertThat(same.isConfirmed(7_000, SILENCE)).isFalse();
  }

  @Test
  void anotherAddressHasToBeConfirmedAnew() {
    Reach moved = confirmed.pinged(ELSEWHERE, confirmed.echo(), this::another, 2_000);

    assertThat(moved.address()).isEqualTo(ELSEWHERE);
    assertThat(moved.isConfirmed(2_000, SILENCE)).isFalse();
    assertThat(
            moved.pinged(ELSEWHERE, moved.echo(), this::another, 2_001).isConfirmed(2_001, SILENCE))
        .isTrue();
    assertThat(moved.pinged(ELSEWHERE, confirmed.echo(), this::another, 2_001)).isEqualTo(moved);
  }
}
