package presence.gateway.ws;

import static org.assertj.core.api.Assertions.assertThat;
import static presence.gateway.ws.Shortcut.Taken.ALL;
import static presence.gateway.ws.Shortcut.Taken.NONE;
import static presence.gateway.ws.Shortcut.Taken.SOME;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// On a real socket whose other end the test reads.
@Timeout(30)
class ShortcutTest {
  private static final ByteString NOTHING = ByteString.emptyByteString();
  private static final ByteString FRAME = ByteString.fromString("a frame");
  private static final int BUFFER = 16 * 1024;

  private SocketChannel here;
  private SocketChannel there;
  private Shortcut shortcut;

  @BeforeEach
  void connect() throws IOException {
    try (ServerSocketChannel server = ServerSocketChannel.open()) {
      server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      there = SocketChannel.open();
      there.setOption(StandardSocketOptions.SO_RCVBUF, BUFFER);
      there.connect(server.getLocalAddress());
      here = server.accept();
    }
    here.setOption(StandardSocketOptions.SO_SNDBUF, BUFFER);
    here.configureBlocking(false);
    shortcut = new Shortcut(here);
  }

  @AfterEach
  void close() throws IOException {
    here.close();
    there.close();
  }

  private String read(int bytes) throws IOException {
    ByteBuffer read = ByteBuffer.allocate(bytes);
    while (read.hasRemaining() && there.read(read) >= 0) {}
    return ByteString.fromArray(read.array(), 0, read.position()).utf8String();
  }

  @Test
  void isClosedUntilTheStageSaysThatNothingIsOnItsWay() throws IOException {
    assertThat(shortcut.write(FRAME)).isEqualTo(NONE);
    assertThat(shortcut.next(NOTHING)).isEqualTo(NOTHING);
    assertThat(shortcut.write(FRAME)).isEqualTo(ALL);
    assertThat(shortcut.write(FRAME)).isEqualTo(ALL);
    assertThat(read(2 * FRAME.size())).isEqualTo("a framea frame");
  }

  @Test
  void isClosedWhileWhatTheStageSaysIsOnItsWay() {
    shortcut.next(NOTHING);
    ByteString pong = ByteString.fromString("pong");
    assertThat(shortcut.next(pong)).isEqualTo(pong);
    assertThat(shortcut.write(FRAME)).isEqualTo(NONE);
    shortcut.next(NOTHING);
    assertThat(shortcut.write(FRAME)).isEqualTo(ALL);
  }

  @Test
  void owesTheStageWhatTheKernelDidNotTake() throws IOException {
    shortcut.next(NOTHING);
    ByteString large = ByteString.fromString("0123456789".repeat(6_000));
    int whole = 0;
    Shortcut.Taken taken = ALL;
    while (taken == ALL) {
      taken = shortcut.write(large);
      whole += taken == ALL ? 1 : 0;
    }
    assertThat(taken).isEqualTo(SOME);
    assertThat(shortcut.write(FRAME)).as("behind the rest").isEqualTo(NONE);
    ByteString due = shortcut.next(FRAME);
    assertThat(due.size()).isGreaterThan(FRAME.size());
    int rest = due.size() - FRAME.size();
    assertThat(due.take(rest)).isEqualTo(large.takeRight(rest));
    assertThat(due.drop(rest)).isEqualTo(FRAME);
    String sent = large.utf8String().repeat(whole) + large.dropRight(rest).utf8String();
    assertThat(read(sent.length())).isEqualTo(sent);
    assertThat(shortcut.write(FRAME)).as("the rest is on its way").isEqualTo(NONE);
    assertThat(shortcut.next(NOTHING)).isEqualTo(NOTHING);
    assertThat(shortcut.write(FRAME)).isEqualTo(ALL);
  }

  @Test
  void leavesALostConnectionToTheStage() throws IOException {
    shortcut.next(NOTHING);
    here.close();
    assertThat(shortcut.write(FRAME)).isEqualTo(SOME);
    assertThat(shortcut.next(NOTHING)).as("whole, for TCP to fail by").isEqualTo(FRAME);
    assertThat(shortcut.next(NOTHING)).isEqualTo(NOTHING);
    assertThat(shortcut.write(FRAME)).isEqualTo(NONE);
  }

  @Test
  void takesNothingOnceTheSocketCloses() {
    shortcut.next(NOTHING);
    shortcut.end();
    assertThat(shortcut.write(FRAME)).isEqualTo(NONE);
    shortcut.next(NOTHING);
    assertThat(shortcut.write(FRAME)).isEqualTo(NONE);
  }

  @Test
  void isForFramesOfUsualLength() {
    shortcut.next(NOTHING);
    ByteString tooLong = ByteString.fromArray(new byte[65_536 + 11]);
    assertThat(shortcut.write(tooLong)).isEqualTo(NONE);
    assertThat(shortcut.write(FRAME)).isEqualTo(ALL);
  }

  @Test
  void isNotThereWithoutAChannel() {
    Shortcut none = new Shortcut(null);
    none.next(NOTHING);
    assertThat(none.write(FRAME)).isEqualTo(NONE);
  }
}
