package presence.gateway.ws;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import presence.gateway.Wire;
import presence.gateway.ws.frame.Frames;
import presence.gateway.ws.frame.Rfc6455;
import presence.protocol.CloseCode;

/// How a socket of a real server ends.
@Timeout(30)
@ParameterizedClass
@EnumSource(TestServer.Way.class)
class SocketClosingTest {
  private static final String SMALL_BUFFERS =
      "pekko.http.server.socket-options.so-send-buffer-size = 32k";

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

  private static void assertClosed(RawClient client, int code, String reason) throws Exception {
    RawClient.Frame close = client.receive();
    assertThat(close.opcode()).isEqualTo(Rfc6455.CLOSE);
    assertThat(close.closeCode()).isEqualTo(code);
    assertThat(close.closeReason()).isEqualTo(reason);
  }

  private static void sendWhileReady(Served served) {
    for (int i = 0; i < 200 && served.wire().isReady(); i++) {
      served.send("on and on");
    }
  }

  @Nested
  class ByTheConnection {
    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "LOST")
    void everyCloseCodeArrivesWithItsReason(CloseCode code) throws Exception {
      try (var client = new RawClient(server.port())) {
        Served served = server.serve();
        served.wire().close(code, "because ✓");
        assertClosed(client, code.code(), "because ✓");
        client.send(Frames.close(code.code(), ""));
        assertThat(client.drain()).isZero();
        served.expectGoneOnce();
      }
    }

    @Test
    void aLongReasonIsCut() throws Exception {
      try (var client = new RawClient(server.port())) {
        server.serve().wire().close(CloseCode.KICKED, "✓".repeat(100));
        assertClosed(client, 4410, "✓".repeat(41));
      }
    }

    @Test
    void itComesAfterWhatWasSentBefore() throws Exception {
      try (var client = new RawClient(server.port())) {
        Served served = server.serve();
        served.send("last words");
        served.wire().close(CloseCode.BYE, "");
        assertThat(client.receive().payload()).isEqualTo("last words");
        assertClosed(client, 1000, "");
      }
    }

    @Test
    void nothingOfTheClientIsHandedOnAfterwards() throws Exception {
      try (var client = new RawClient(server.port())) {
        Served served = server.serve();
        client.send(Frames.text("waits"));
        served.wire().close(CloseCode.REPLACED, "");
        served.wire().pull();
        client.send(Frames.text("too late"), Frames.ping("too late"));
        assertClosed(client, 4409, "");
        client.send(Frames.close(4409, ""));
        assertThat(client.drain()).isZero();
        served.expectGoneOnce();
      }
    }

    @Test
    void aClientThatDoesNotAnswerIsDropped() throws Exception {
      try (var client = new RawClient(server.port())) {
        Served served = server.serve();
        served.wire().close(CloseCode.DRAINING, "");
        assertClosed(client, 1012, "");
        served.expectGoneOnce();
        assertThat(client.drain()).isEqualTo(-1);
      }
    }

    @Test
    void aClientThatDoesNotReadIsDropped() throws Exception {
      try (var client = new RawClient(server.port(), 32 * 1024)) {
        Served served = server.serve();
        SocketTest.sendUntilHeldBack(served, "x".repeat(60_000));
        served.wire().close(CloseCode.TOO_SLOW, "");
        served.expectGoneOnce();
        assertThat(client.drain()).isEqualTo(-1);
      }
    }

    @Test
    void aFrameThatIsOutInPartIsWholeBeforeTheCloseFrame() throws Exception {
      String large = "x".repeat(60_000);
      try (var patient = new TestServer(way, SMALL_BUFFERS, TestServer.PATIENCE);
          var client = new RawClient(patient.port(), 32 * 1024)) {
        Served served = patient.serve();
        int sent = SocketTest.sendUntilHeldBack(served, large);
        served.wire().close(CloseCode.BYE, "");
        for (int i = 0; i < sent; i++) {
          assertThat(client.receive().payload()).isEqualTo(large);
        }
        assertClosed(client, 1000, "");
        client.send(Frames.close(1000, ""));
        assertThat(client.drain()).isZero();
        served.expectGoneOnce();
      }
    }

    @Test
    void nothingFollowsTheCloseFrameWhoeverSendsOn() throws Exception {
      for (int i = 0; i < 50; i++) {
        try (var client = new RawClient(server.port())) {
          Served served = server.serve();
          Thread talker = Thread.ofVirtual().start(() -> sendWhileReady(served));
          served.wire().close(CloseCode.BYE, "");
          RawClient.Frame frame = client.receive();
          while (frame.opcode() == Rfc6455.TEXT) {
            frame = client.receive();
          }
          assertThat(frame.opcode()).isEqualTo(Rfc6455.CLOSE);
          client.send(Frames.close(1000, ""));
          assertThat(client.drain()).isZero();
          talker.join();
        }
      }
    }

    @Test
    void asLostItSendsNoCloseFrame() throws Exception {
      try (var client = new RawClient(server.port())) {
        Served served = server.serve();
        served.wire().close(CloseCode.LOST, "");
        assertThat(client.drain()).isEqualTo(-1);
        served.expectGoneOnce();
      }
    }

    @Test
    void itsDeathCloses1011() throws Exception {
      try (var client = new RawClient(server.port())) {
        server.serve().connection().stop();
        assertClosed(client, 1011, "");
        client.send(Frames.close(1011, ""));
        assertThat(client.drain()).isZero();
      }
    }

    @Test
    void beforeThereIsOneTheOpenerMayClose() throws Exception {
      try (var client = new RawClient(server.port())) {
        TestServer.Opening opening = server.opening();
        opening.wire().close(CloseCode.NOT_NOW, "full");
        assertClosed(client, 4300, "full");
        TestProbe<Wire.Event> late = server.kit().createTestProbe();
        opening.opened().accept(late.getRef());
        late.expectMessage(TestServer.PATIENCE, new Wire.Event.Gone());
      }
    }
  }

  @Nested
  class ByTheClient {
    @Test
    void itsCodeIsEchoed() throws Exception {
      try (var client = new RawClient(server.port())) {
        Served served = server.serve();
        client.send(Frames.close(1000, "bye"));
        served.expectGoneOnce();
        assertClosed(client, 1000, "");
        assertThat(client.drain()).isZero();
      }
    }

    @Test
    void withoutACodeItIsAnsweredWithoutOne() throws Exception {
      try (var client = new RawClient(server.port())) {
        Served served = server.serve();
        client.send(Frames.close());
        assertThat(client.receive()).isEqualTo(new RawClient.Frame(true, Rfc6455.CLOSE, ""));
        assertThat(client.drain()).isZero();
        served.expectGoneOnce();
      }
    }

    @Test
    void whatItSentBeforeIsStillPulled() throws Exception {
      try (var client = new RawClient(server.port())) {
        Served served = server.serve();
        client.send(Frames.text("a"), Frames.text("b"), Frames.close(1001, ""), Frames.text("c"));
        client.halfClose();
        assertThat(served.pullText()).isEqualTo("a");
        assertThat(served.pullText()).isEqualTo("b");
        served.expectGoneOnce();
        assertClosed(client, 1001, "");
      }
    }

    @Test
    void withoutACloseFrameItIsGone() throws Exception {
      try (var client = new RawClient(server.port())) {
        Served served = server.serve();
        client.halfClose();
        assertThat(client.drain()).isZero();
        served.expectGoneOnce();
      }
    }

    @Test
    void byAResetItIsGone() throws Exception {
      try (var client = new RawClient(server.port())) {
        Served served = server.serve();
        client.reset();
        served.expectGoneOnce();
        served.send("into the void");
        served.wire().close(CloseCode.BYE, "");
        served.expectNothing();
      }
    }

    @Test
    void byAResetWhileItIsTalkedToItIsGoneOnce() throws Exception {
      try (var client = new RawClient(server.port())) {
        Served served = server.serve();
        Thread talker = Thread.ofVirtual().start(() -> sendWhileReady(served));
        client.reset();
        talker.join();
        served.skipTo(Wire.Event.Gone.class);
        served.expectNothing();
      }
    }

    @Test
    void beforeItsConnectionIsThereTheConnectionLearnsIt() throws Exception {
      TestServer.Opening opening;
      try (var client = new RawClient(server.port())) {
        opening = server.opening();
        client.send(Frames.close(1000, ""));
        assertClosed(client, 1000, "");
        assertThat(client.drain()).isZero();
      }
      TestProbe<Wire.Event> late = server.kit().createTestProbe();
      opening.opened().accept(late.getRef());
      late.expectMessage(TestServer.PATIENCE, new Wire.Event.Gone());
      late.expectNoMessage(Duration.ofMillis(100));
    }

    @Test
    void whatWasSentToItBeforeStillGoesOut() throws Exception {
      try (var client = new RawClient(server.port(), 32 * 1024)) {
        Served served = server.serve();
        int sent = SocketTest.sendUntilHeldBack(served, "x".repeat(60_000));
        client.send(Frames.close(1000, ""));
        served.expectGoneOnce();
        for (int i = 0; i < sent; i++) {
          assertThat(client.receive().payload()).hasSize(60_000);
        }
        assertClosed(client, 1000, "");
      }
    }

    @Test
    void withoutReadingItHoldsNothing() throws Exception {
      try (var client = new RawClient(server.port(), 32 * 1024)) {
        Served served = server.serve();
        SocketTest.sendUntilHeldBack(served, "x".repeat(60_000));
        client.send(Frames.close(1000, ""));
        served.expectGoneOnce();
        Awaitility.await("the reset").atMost(TestServer.PATIENCE).until(client::isReset);
      }
    }
  }

  @Nested
  class ForAViolation {
    private void assertViolation(int code, byte[]... bytes) throws Exception {
      try (var client = new RawClient(server.port())) {
        Served served = server.serve();
        client.send(bytes);
        served.expectGoneOnce();
        RawClient.Frame close = client.receive();
        assertThat(close.opcode()).isEqualTo(Rfc6455.CLOSE);
        assertThat(close.closeCode()).isEqualTo(code);
        assertThat(close.closeReason()).isNotEmpty();
        client.halfClose();
        assertThat(client.drain()).isZero();
      }
    }

    @Test
    void ofTheFramingItSays1002() throws Exception {
      assertViolation(1002, Frames.hex("8105 48656c6c6f"));
    }

    @Test
    void ofUtf8ItSays1007() throws Exception {
      assertViolation(1007, Frames.frame(0x81, new byte[] {(byte) 0xFF}));
    }

    @Test
    void ofTheLimitItSays1009ThoughTheMessageIsStillComing() throws Exception {
      byte[] tooLarge = Frames.text("x".repeat(4_000_000));
      assertViolation(1009, tooLarge);
    }

    @Test
    void whatTheClientGoesOnSendingIsDroppedForAWhileOnly() throws Exception {
      try (var client = new RawClient(server.port())) {
        Served served = server.serve();
        client.send(Frames.hex("8100"), Frames.text("more"));
        served.expectGoneOnce();
        assertThat(client.receive().closeCode()).isEqualTo(1002);
        assertThat(client.drain()).isEqualTo(-1);
      }
    }
  }
}
