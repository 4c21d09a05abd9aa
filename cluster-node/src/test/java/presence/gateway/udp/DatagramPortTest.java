package presence.gateway.udp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import presence.datagram.Datagram;
import presence.datagram.Echo;
import presence.datagram.Kind;
import presence.datagram.MovePayload;
import presence.datagram.MovesPayload;
import presence.gateway.Datagrams;
import presence.gateway.Encoded;
import presence.gateway.Moves;
import presence.gateway.Traffic.Drop;
import presence.protocol.ClientMessage.Stride;
import presence.protocol.Spot;
import presence.protocol.Step;

@Timeout(30)
class DatagramPortTest {
  private static final Spot HERE = new Spot(1, 2, null);
  private static final Step SOMEBODY_MOVES = new Step("@bob", HERE, 1);

  private final AtomicLong now = new AtomicLong(1_000_000);
  private final AtomicInteger arrivals = new AtomicInteger();
  private final DatagramPort port = port(2);
  private final Datagrams.Path path = port.open(arrivals::incrementAndGet).orElseThrow();
  private final Sender client = new Sender(path.offer());

  private DatagramPort port(int ticketsMax) {
    try {
      return DatagramPort.open(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
          new DatagramPort.Settings("127.0.0.1", 0, ticketsMax, Duration.ofSeconds(5), 1 << 20),
          () -> Instant.ofEpochMilli(now.get()),
          new Random(1));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @AfterEach
  void close() {
    client.close();
    port.close();
  }

  private ByteBuffer move(long seq) {
    return move("plain", seq);
  }

  private static ByteBuffer move(String piece, long seq) {
    return MovePayload.write(new Stride(piece, HERE, seq, null));
  }

  private static List<Moves> moves() {
    return List.of(
        new Moves(
            List.of(SOMEBODY_MOVES),
            new Encoded("world:moved", null, ByteString.emptyByteString())));
  }

  /// Whether moves for the client go by datagrams now; then these do.
  private boolean isTaken() {
    return path.take("plain", moves());
  }

  private void dropped(Drop why) {
    await("dropped as " + why).until(() -> port.traffic().dropped().getOrDefault(why, 0L) == 1);
    assertThat(port.traffic().accepted()).isZero();
    assertThat(client.heardNothing()).isTrue();
    assertThat(arrivals).hasValue(0);
  }

  @Nested
  class IsDropped {
    @Test
    void whatIsTooLong() {
      client.sends(ByteBuffer.allocate(Datagram.BYTES_MAX + 1));
      dropped(Drop.OVERSIZED);
    }

    @Test
    void whatIsTooShort() {
      client.sends(ByteBuffer.allocate(41));
      dropped(Drop.MALFORMED);
    }

    @Test
    void whatIsEmpty() {
      client.sends(ByteBuffer.allocate(0));
      dropped(Drop.MALFORMED);
    }

    @Test
    void whatNodesSend() {
      client.sends(Kind.PONG, 1, Echo.NONE.bytes());
      dropped(Drop.MALFORMED);
    }

    @Test
    void whatHasNoTicketOfThisNode() {
      ByteBuffer ping = client.sealed(Kind.PING, 1, Echo.NONE.bytes());
      client.sends(ping.put(10, (byte) (ping.get(10) ^ 1)));
      dropped(Drop.UNKNOWN_TICKET);
    }

    @Test
    void whatIsOfAConnectionThatEnded() {
      path.close();
      client.sends(Kind.PING, 1, Echo.NONE.bytes());
      dropped(Drop.UNKNOWN_TICKET);
      assertThat(port.traffic().paths()).isZero();
    }

    @Test
    void whatIsForged() {
      ByteBuffer ping = client.sealed(Kind.PING, 1, Echo.NONE.bytes());
      client.sends(ping.put(30, (byte) 1));
      dropped(Drop.FORGED);
    }

    @Test
    void whatSaysNothing() {
      client.sends(Kind.MOVE, 1, Echo.NONE.bytes());
      dropped(Drop.ILLEGIBLE);
    }

    @Test
    void whatCameBefore() {
      ByteBuffer ping = client.sealed(Kind.PING, 1, Echo.NONE.bytes());
      client.sends(ping);
      client.hears(Kind.PONG);
      try (Sender thief = new Sender(path.offer())) {
        thief.sends(ping);
        await().until(() -> port.traffic().dropped().getOrDefault(Drop.REPLAYED, 0L) == 1);
        assertThat(thief.heardNothing()).isTrue();
      }
      assertThat(port.traffic().accepted()).isEqualTo(1);
    }
  }

  @Nested
  class MovesOfTheClient {
    @Test
    void areToldOnceUntilTheyAreTakenAndTheNewestOfEachWorldIs() {
      client.sends(Kind.MOVE, 1, move(10));
      client.sends(Kind.MOVE, 2, move("sky", 11));
      client.sends(Kind.MOVE, 4, move(12));
      client.sends(Kind.MOVE, 3, move(11));
      client.pings(5, Echo.NONE);

      assertThat(arrivals).hasValue(1);
      assertThat(path.received())
          .containsExactlyInAnyOrder(
              new Stride("plain", HERE, 12, null), new Stride("sky", HERE, 11, null));
      assertThat(path.received()).isEmpty();
      assertThat(port.traffic().dropped()).containsEntry(Drop.OVERTAKEN, 1L);

      client.sends(Kind.MOVE, 6, move(13));
      client.pings(7, Echo.NONE);
      assertThat(arrivals).hasValue(2);
      assertThat(path.received()).containsExactly(new Stride("plain", HERE, 13, null));
    }

    @Test
    void inMoreWorldsThanAnybodyIsInAreNotKept() {
      for (int i = 1; i <= 200; i++) {
        client.sends(Kind.MOVE, i, move("world-" + i, i));
      }
      client.pings(201, Echo.NONE);

      assertThat(path.received()).hasSize(64);
    }
  }

  @Nested
  class MovesOfOthers {
    private Echo wanted = Echo.NONE;

    @BeforeEach
    void theClientHasPinged() {
      wanted = client.pings(1, Echo.NONE);
    }

    private void isConfirmed(long number) {
      wanted = client.pings(number, wanted);
    }

    @Test
    void waitUntilTheClientWasHeardToHear() {
      assertThat(isTaken()).isFalse();
      client.pings(2, new Echo(7));
      assertThat(isTaken()).isFalse();

      isConfirmed(3);
      assertThat(isTaken()).isTrue();

      assertThat(MovesPayload.read(client.hears(Kind.MOVES).payload()).orElseThrow().moves())
          .containsExactly(SOMEBODY_MOVES);
    }

    @Test
    void goByTheSocketWhileTheClientIsSilentAndReturnWithIt() {
      isConfirmed(2);
      now.addAndGet(4_999);
      assertThat(isTaken()).isTrue();
      now.addAndGet(1);
      assertThat(isTaken()).isFalse();

      isConfirmed(3);
      assertThat(isTaken()).isTrue();
    }

    @Test
    void goByTheSocketWhileTheClientSpeaksAndDoesNotHear() {
      isConfirmed(2);
      for (int second = 1; second <= 5; second++) {
        now.addAndGet(1_000);
        client.sends(Kind.PING, 2 + second, new Echo(7).bytes());
        client.hears(Kind.PONG);
      }

      assertThat(isTaken()).isFalse();
    }

    @Test
    void followTheClientToAnotherAddressOnceItWasHeardThere() {
      isConfirmed(2);
      try (Sender elsewhere = new Sender(path.offer())) {
        Echo there = elsewhere.pings(3, wanted);
        assertThat(isTaken()).as("before the new address has said its echo").isFalse();

        elsewhere.pings(4, there);
        assertThat(isTaken()).isTrue();

        elsewhere.hears(Kind.MOVES);
        assertThat(client.heardNothing()).isTrue();
      }
    }

    @Test
    void doNotFollowAnOldPingToAnotherAddress() {
      isConfirmed(3);
      try (Sender elsewhere = new Sender(path.offer())) {
        long accepted = port.traffic().accepted();
        elsewhere.sends(Kind.PING, 2, wanted.bytes());
        await().until(() -> port.traffic().accepted() == accepted + 1);

        assertThat(isTaken()).isTrue();
        client.hears(Kind.MOVES);
        assertThat(elsewhere.heardNothing()).isTrue();
      }
    }

    @Test
    void areSentToNobodyWhoseAddressIsUnknown() {
      await("the pong is counted").until(() -> port.traffic().sent() == 1);
      Datagrams.Path silent = port.open(() -> {}).orElseThrow();
      assertThat(silent.take("plain", moves())).isFalse();

      assertThat(port.traffic().sent()).isEqualTo(1);
    }
  }

  @Nested
  class ATicket {
    @Test
    void isNotGivenWhenTooManyHaveOne() {
      Datagrams.Path second = port.open(() -> {}).orElseThrow();
      assertThat(port.open(() -> {})).isEmpty();

      second.close();
      assertThat(port.open(() -> {})).isPresent();
    }

    @Test
    void getsNoLongerAnswersThanQuestions() {
      ByteBuffer ping = client.sealed(Kind.PING, 1, Echo.NONE.bytes());
      client.sends(ping);

      assertThat(client.hears(Kind.PONG).bytes().remaining()).isEqualTo(ping.remaining());
    }
  }
}
