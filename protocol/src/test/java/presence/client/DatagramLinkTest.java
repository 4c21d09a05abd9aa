package presence.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import presence.datagram.Echo;
import presence.datagram.Kind;
import presence.datagram.MovePayload;
import presence.datagram.MovesPayload;
import presence.protocol.ClientMessage.Stride;
import presence.protocol.ServerMessage;
import presence.protocol.ServerMessage.Moved;
import presence.protocol.Spot;
import presence.protocol.Step;

@Timeout(60)
class DatagramLinkTest {
  private static final Spot HERE = new Spot(1, 2, null);

  private final AtomicLong now = new AtomicLong(1_000_000);
  private final BlockingQueue<Stride> bySocket = new LinkedBlockingQueue<>();
  private final BlockingQueue<Moved> moved = new LinkedBlockingQueue<>();
  private final TinyPort node;
  private final DatagramLink link;

  DatagramLinkTest() throws IOException {
    ClientRuntime shared = ClientRuntime.shared();
    ClientRuntime runtime =
        new ClientRuntime(
            shared.http(),
            shared.workers(),
            shared.timer(),
            () -> Instant.ofEpochMilli(now.get()),
            shared.random(),
            shared.codec());
    node = new TinyPort();
    link = DatagramLink.open(node.offer(), moved::add, bySocket::add, runtime);
  }

  @AfterEach
  void close() throws IOException {
    link.close();
    node.close();
  }

  private static Stride move(long seq) {
    return new Stride("plain", HERE, seq, null);
  }

  private static ByteBuffer bobMoves(long seq) {
    return MovesPayload.write(new Moved("plain", List.of(new Step("@bob", HERE, seq)))).getFirst();
  }

  private static <T> T next(BlockingQueue<T> queue) throws InterruptedException {
    T next = queue.poll(20, TimeUnit.SECONDS);
    assertThat(next).isNotNull();
    return next;
  }

  /// Both sides know that datagrams come through.
  private void isOpen() {
    node.hearsPing();
    node.sends(Kind.PONG, new Echo(7).bytes());
    while (!node.hearsPing().equals(new Echo(7))) {
      // one may have been on its way already
    }
    assertThat(link.isOpen()).isTrue();
  }

  @Test
  void pingsAtOnceAndSaysTheEchoAtOnce() {
    assertThat(node.hearsPing()).isEqualTo(Echo.NONE);
    assertThat(link.isOpen()).isFalse();
    isOpen();
  }

  @Test
  void movesGoByTheSocketUntilDatagramsComeThrough() throws Exception {
    link.move(move(1));
    assertThat(next(bySocket)).isEqualTo(move(1));

    isOpen();
    link.move(move(2));
    assertThat(MovePayload.read(node.hears(Kind.MOVE).datagram().payload())).contains(move(2));
  }

  @Test
  void whatComesToRestIsSaidByTheSocketToo() throws Exception {
    isOpen();
    link.move(move(1));
    link.move(move(2));

    assertThat(next(bySocket)).isEqualTo(move(2));
    assertThat(bySocket).isEmpty();
  }

  @Test
  void whatComesToRestInOneWorldDoesSoWhateverMovesInAnother() throws Exception {
    isOpen();
    Stride elsewhere = new Stride("attic", HERE, 2, null);
    link.move(move(1));
    link.move(elsewhere);

    assertThat(List.of(next(bySocket), next(bySocket))).containsExactly(move(1), elsewhere);
  }

  @Test
  void movesGoByTheSocketWhileNothingIsHeardAndReturn() throws Exception {
    isOpen();
    now.addAndGet(Passage.SILENCE_MS);
    assertThat(link.isOpen()).isFalse();
    link.move(move(1));
    assertThat(next(bySocket)).isEqualTo(move(1));

    isOpen();
    link.move(move(2));
    assertThat(MovePayload.read(node.hears(Kind.MOVE).datagram().payload())).contains(move(2));
  }

  @Test
  void hearsOnlyWhatItsNodeSaysAndOnce() throws Exception {
    isOpen();
    ByteBuffer first = bobMoves(1);
    ByteBuffer second = bobMoves(2);
    ByteBuffer sealed = node.sends(Kind.MOVES, first);
    node.sends(sealed);
    node.sends(sealed.duplicate().put(20, (byte) 1));
    node.sends(Kind.PING, first);
    node.sends(ByteBuffer.allocate(3));
    node.sends(ByteBuffer.allocate(1_300));
    node.sends(Kind.MOVES, ByteBuffer.allocate(3));
    node.sends(Kind.MOVES, second);

    assertThat(next(moved).moves().getFirst().seq()).isEqualTo(1);
    assertThat(next(moved).moves().getFirst().seq()).isEqualTo(2);
  }

  @Test
  void goesOnFromAnotherPort() {
    SocketAddress before = node.hears(Kind.PING).from();
    link.rebind();

    SocketAddress from = before;
    while (from.equals(before)) {
      from = node.hears(Kind.PING).from();
    }
  }

  @Test
  void isNotOpenedWithoutATicket() {
    ServerMessage.Udp none = new ServerMessage.Udp("127.0.0.1", 1, "ticket");

    assertThatThrownBy(
            () -> DatagramLink.open(none, moved::add, bySocket::add, ClientRuntime.shared()))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
