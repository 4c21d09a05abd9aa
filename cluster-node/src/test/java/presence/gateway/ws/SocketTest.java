package presence.gateway.ws;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.apache.pekko.util.ByteString;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import presence.gateway.Payload;
import presence.gateway.Wire;
import presence.gateway.ws.frame.FrameEncoder;
import presence.gateway.ws.frame.Frames;
import presence.gateway.ws.frame.Rfc6455;

/// An open socket of a real server: its client a plain socket, its connection the test.
/// [SocketClosingTest] has its end.
@Timeout(30)
@ParameterizedClass
@EnumSource(TestServer.Way.class)
class SocketTest {
  private static final String SMALL_BUFFERS =
      """
      pekko.http.server.socket-options.so-send-buffer-size = 32k
      pekko.http.server.socket-options.so-receive-buffer-size = 32k
      """;
  private static final int SMALL = 32 * 1024;

  private static TestServer server;

  @Parameter TestServer.Way way;

  @BeforeParameterizedClassInvocation
  static void start(TestServer.Way way) throws Exception {
    server = new TestServer(way, SMALL_BUFFERS);
  }

  @AfterParameterizedClassInvocation
  static void stop() {
    server.close();
  }

  @Nested
  class Inbound {
    @Test
    void aMessageComesWhenItIsPulled() throws Exception {
      try (var client = new RawClient(server.port())) {
        Served served = server.serve();
        client.send(Frames.text("a"), Frames.text("b"));
        served.expectNothing();
        assertThat(served.pullText()).isEqualTo("a");
        served.expectNothing();
        assertThat(served.pullText()).isEqualTo("b");
      }
    }

    @Test
    void aPullWaitsForItsMessage() throws Exception {
      try (var client = new RawClient(server.port())) {
        Served served = server.serve();
        served.wire().pull();
        served.expectNothing();
        client.send(Frames.text("late"));
        assertThat(served.expect(Wire.Event.Text.class).text()).isEqualTo("late");
      }
    }

    @Test
    void whatCameBeforeTheConnectionIsKept() throws Exception {
      try (var client = new RawClient(server.port())) {
        client.send(Frames.text("early"), Frames.ping("?"));
        assertThat(server.serve().pullText()).isEqualTo("early");
        assertThat(client.receive()).isEqualTo(new RawClient.Frame(true, Rfc6455.PONG, "?"));
      }
    }

    @Test
    void fragmentsAndSingleBytesMakeAMessage() throws Exception {
      try (var client = new RawClient(server.port())) {
        Served served = server.serve();
        for (byte each : Frames.join(Frames.textBegin("é"), Frames.ping(""), Frames.end("✓"))) {
          client.send(new byte[] {each});
        }
        served.wire().pull();
        served.expect(Wire.Event.Heard.class);
        assertThat(served.expect(Wire.Event.Text.class).text()).isEqualTo("é✓");
      }
    }

    @Test
    void aBinaryMessageIsSeenOnly() throws Exception {
      try (var client = new RawClient(server.port())) {
        Served served = server.serve();
        client.send(Frames.binary((byte) 1), Frames.text("after"));
        served.wire().pull();
        served.expect(Wire.Event.Binary.class);
        assertThat(served.pullText()).isEqualTo("after");
      }
    }

    @Test
    void theLargestMessageComes() throws Exception {
      try (var client = new RawClient(server.port())) {
        Served served = server.serve();
        String largest = "x".repeat(TestServer.MESSAGE_BYTES_MAX);
        client.send(Frames.text(largest));
        assertThat(served.pullText()).isEqualTo(largest);
      }
    }

    @Test
    void aClientThatIsNotPulledIsHeldBack() throws Exception {
      int messages = 200;
      AtomicInteger sent = new AtomicInteger();
      byte[] large = Frames.text("x".repeat(60_000));
      try (var client = new RawClient(server.port(), SMALL)) {
        Served served = server.serve();
        Thread writer = Thread.ofVirtual().start(() -> repeat(client, large, messages, sent));
        Awaitility.await()
            .during(Duration.ofMillis(300))
            .atMost(TestServer.PATIENCE)
            .until(() -> sent.get() > 0 && sent.get() < messages / 2);
        for (int i = 0; i < messages; i++) {
          assertThat(served.pullText()).hasSize(60_000);
        }
        writer.join();
      }
    }

    private static void repeat(RawClient client, byte[] bytes, int times, AtomicInteger done) {
      try {
        while (done.get() < times) {
          client.send(bytes);
          done.incrementAndGet();
        }
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }
  }

  @Nested
  class Outbound {
    @Test
    void aFrameThatWentOutIsToldWhereItIsAwaited() throws Exception {
      try (var client = new RawClient(server.port())) {
        Served served = server.serve();
        for (int i = 0; i < 100; i++) {
          served.awaitReady();
          served.send("frame " + i);
        }
        for (int i = 0; i < 100; i++) {
          assertThat(client.receive().payload()).isEqualTo("frame " + i);
        }
        served.expectNothing();
      }
    }

    @Test
    void aClientThatDoesNotReadHoldsReadyBack() throws Exception {
      String large = "x".repeat(60_000);
      try (var client = new RawClient(server.port(), SMALL)) {
        Served served = server.serve();
        int sent = sendUntilHeldBack(served, large);
        assertThat(sent).as("frames of 60 KB that are under way").isLessThan(20);
        for (int i = 0; i < sent; i++) {
          assertThat(client.receive().payload()).isEqualTo(large);
        }
        served.expectReady();
        served.send("and on");
        assertThat(client.receive().payload()).isEqualTo("and on");
      }
    }

    @Test
    void whatIsDueGoesOutTogether() throws Exception {
      String large = "x".repeat(60_000);
      try (var client = new RawClient(server.port(), SMALL)) {
        Served served = server.serve();
        int sent = sendUntilHeldBack(served, large);
        client.send(Frames.ping("first"), Frames.ping("last"));
        served.expect(Wire.Event.Heard.class);
        for (int i = 0; i < sent - 1; i++) {
          client.receive();
        }
        assertThat(client.receive()).isEqualTo(new RawClient.Frame(true, Rfc6455.PONG, "first"));
        assertThat(client.receive()).isEqualTo(new RawClient.Frame(true, Rfc6455.PONG, "last"));
        assertThat(client.receive().payload()).isEqualTo(large);
      }
    }
  }

  @Nested
  class TheShortWay {
    @Test
    void isLeftAndFoundAgainWhereAFrameIsTooLong() throws Exception {
      String tooLong = "x".repeat(100_000);
      try (var client = new RawClient(server.port())) {
        Served served = server.serve();
        for (String each : new String[] {"before", tooLong, "after", tooLong, "last"}) {
          served.awaitReady();
          served.send(each);
        }
        for (String each : new String[] {"before", tooLong, "after", tooLong, "last"}) {
          assertThat(client.receive().payload()).isEqualTo(each);
        }
      }
    }
  }

  @Test
  void thatIsToldWhatItMustNotBeEndsAlone() throws Exception {
    try (var client = new RawClient(server.port(), SMALL);
        var other = new RawClient(server.port())) {
      Served served = server.serve();
      Served untouched = server.serve();
      sendUntilHeldBack(served, "x".repeat(60_000));
      served.wire().send(new Payload(ByteString.fromString("before it is ready")));
      served.wire().send(new Payload(ByteString.fromString("and again")));
      served.skipTo(Wire.Event.Gone.class);
      served.expectNothing();
      assertThat(client.drain()).isEqualTo(-1);
      untouched.send("lives");
      assertThat(other.receive().payload()).isEqualTo("lives");
    }
  }

  @Nested
  class BothWaysAtOnce {
    private static final int FRAMES = 20_000;
    private static final String ASIDE = "aside ";

    /// By the short way, by the stage, in parts, with pongs in between: each is whole and in its
    /// place.
    @Test
    void framesStayInOrderWhileTheClientPingsAndReadsInBursts() throws Exception {
      SplittableRandom random = new SplittableRandom(1);
      try (var client = new RawClient(server.port(), SMALL)) {
        Served served = server.serve();
        Thread talker = Thread.ofVirtual().start(() -> sendNumbered(served));
        int pinged = 0;
        int ponged = 0;
        for (int next = 0; next < FRAMES; ) {
          if (random.nextInt(50) == 0) {
            client.send(Frames.ping(String.valueOf(pinged++)));
          }
          if (random.nextInt(2_000) == 0) {
            TimeUnit.MILLISECONDS.sleep(20); // so that its buffers fill, now and then
          }
          RawClient.Frame frame = client.receive();
          if (frame.opcode() == Rfc6455.PONG) {
            assertThat(Integer.parseInt(frame.payload())).isBetween(ponged, pinged - 1);
            ponged = Integer.parseInt(frame.payload()) + 1;
          } else {
            assertThat(frame.payload()).isEqualTo(numbered(next++));
          }
        }
        talker.join();
        assertThat(ponged).as("pongs that came between").isGreaterThan(10);
      }
    }

    /// Each frame is whole, each sender's are in its order, and who waits for the wire gets it.
    @Test
    void twoSendTheirFramesByOneWire() throws Exception {
      try (var client = new RawClient(server.port(), SMALL)) {
        Served served = server.serve();
        Thread talker = Thread.ofVirtual().start(() -> sendNumbered(served));
        Thread other = Thread.ofVirtual().start(() -> sendWhileFree(served.wire(), talker));
        int asides = 0;
        for (int next = 0; next < FRAMES; ) {
          String text = client.receive().payload();
          if (text.startsWith(ASIDE)) {
            assertThat(text).isEqualTo(ASIDE + asides++);
          } else {
            assertThat(text).isEqualTo(numbered(next++));
          }
        }
        talker.join();
        other.join();
        assertThat(asides).as("frames of the other that came between").isGreaterThan(10);
      }
    }

    private static void sendWhileFree(Wire wire, Thread talker) {
      for (int i = 0; talker.isAlive(); ) {
        if (wire.take()) {
          wire.send(new Payload(ByteString.fromString(ASIDE + i++)));
        }
        LockSupport.parkNanos(20_000); // so that it is not always the one who gets it
      }
    }

    private static String numbered(int number) {
      int length = number % 100 == 0 ? 30_000 : number % 7 == 0 ? 2_000 : 40;
      return number + " " + "x".repeat(length);
    }

    private static void sendNumbered(Served served) {
      for (int i = 0; i < FRAMES; ) {
        while (!served.wire().isReady()) {
          served.skipTo(Wire.Event.Ready.class);
        }
        if (served.wire().take()) {
          served.wire().send(new Payload(ByteString.fromString(numbered(i++))));
        }
      }
    }
  }

  @Nested
  class OnePayload {
    @Test
    void isOneFrameForAllItsSockets() throws Exception {
      Payload shared = new Payload(ByteString.fromString("for all ✓"));
      try (var one = new RawClient(server.port());
          var other = new RawClient(server.port())) {
        for (Served each : new Served[] {server.serve(), server.serve()}) {
          Served.send(each.wire(), shared);
          each.awaitReady();
        }
        assertThat(one.receive()).isEqualTo(EchoTalk.said("for all ✓"));
        assertThat(other.receive()).isEqualTo(EchoTalk.said("for all ✓"));
        ByteString frame = shared.framed(utf8 -> ByteString.emptyByteString());
        assertThat(frame).isEqualTo(FrameEncoder.text(shared.utf8()));
      }
    }
  }

  /// Sends until no [Wire.Event.Ready] comes; the last frame is then one that waits.
  static int sendUntilHeldBack(Served served, String text) {
    int sent = 0;
    boolean ready = true;
    while (ready) {
      served.send(text);
      sent++;
      ready = served.isReadyWithin(Duration.ofSeconds(1));
    }
    return sent;
  }

  @Nested
  class Pings {
    @Test
    void areAnsweredWithTheirPayload() throws Exception {
      try (var client = new RawClient(server.port())) {
        Served served = server.serve();
        client.send(Frames.ping("are you there"));
        served.expect(Wire.Event.Heard.class);
        assertThat(client.receive())
            .isEqualTo(new RawClient.Frame(true, Rfc6455.PONG, "are you there"));
      }
    }

    @Test
    void andPongsAreHeardOnceUntilTheConnectionMaySend() throws Exception {
      try (var client = new RawClient(server.port())) {
        Served served = server.serve();
        client.send(Frames.pong("1"), Frames.pong("2"), Frames.ping("3"));
        served.expect(Wire.Event.Heard.class);
        served.expectNothing();
        served.send("on its way");
        served.awaitReady();
        assertThat(served.wire().isReady()).isTrue();
        client.send(Frames.pong("4"));
        served.expect(Wire.Event.Heard.class);
      }
    }

    @Test
    void areHeardOnceWhileTheClientReadsNothingHoweverOftenTheConnectionAsks() throws Exception {
      try (var client = new RawClient(server.port(), SMALL)) {
        Served served = server.serve();
        sendUntilHeldBack(served, "x".repeat(60_000));
        client.send(Frames.ping("1"));
        served.expect(Wire.Event.Heard.class);
        assertThat(served.wire().isReady()).isFalse();
        client.send(Frames.ping("2"));
        served.expectNothing();
      }
    }

    @Test
    void inAFloodFillNothing() throws Exception {
      byte[][] pings = new byte[10_000][];
      for (int i = 0; i < pings.length; i++) {
        pings[i] = Frames.ping("p".repeat(100));
      }
      try (var client = new RawClient(server.port(), SMALL)) {
        Served served = server.serve();
        for (int i = 0; i < 20; i++) {
          client.send(pings);
        }
        client.send(Frames.ping("last"), Frames.text("after"));
        served.expect(Wire.Event.Heard.class);
        served.expectNothing();
        int pongs = 1;
        while (!client.receive().payload().equals("last")) {
          pongs++;
        }
        assertThat(pongs).as("pongs for 200,001 pings").isLessThan(20_000);
        served.wire().pull();
        assertThat(served.expect(Wire.Event.Text.class).text()).isEqualTo("after");
      }
    }
  }
}
