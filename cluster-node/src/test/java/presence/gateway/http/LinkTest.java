package presence.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.Done;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.io.Tcp;
import org.apache.pekko.io.TcpMessage;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.BoundedSourceQueue;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.RunnableGraph;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.SinkQueueWithCancel;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import presence.gateway.Wire;
import presence.gateway.ws.SocketPlan;
import presence.gateway.ws.frame.Frames;

/// A link between HTTP and a TCP connection that the test plays. As a WebSocket it is tested on
/// real connections, in [presence.gateway.ws].
@Timeout(30)
class LinkTest {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final ByteString ONE = ByteString.fromString("one");
  private static final ByteString TWO = ByteString.fromString("two");

  private static final ActorTestKit KIT =
      ActorTestKit.create(
          "link",
          ConfigFactory.parseString("pekko.fail-mixed-versions = off, pekko.loglevel = WARNING")
              .withFallback(ConfigFactory.load()));

  private final TestProbe<Object> tcp = KIT.createTestProbe();
  private final AtomicLong now = new AtomicLong();
  private final StageGroup all = new StageGroup();
  private BoundedSourceQueue<ByteString> says;
  private SinkQueueWithCancel<ByteString> hears;
  private CompletableFuture<Done> over;
  private ActorRef link;
  private Link stage;

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  @BeforeEach
  void connect() {
    stage = stage();
    meet();
    link();
  }

  private Link stage() {
    var arrival =
        new Arrivals.Arrival(
            Adapter.toClassic(tcp.getRef()),
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 1),
            null);
    return new Link(arrival, Duration.ofHours(1), now::get, all);
  }

  /// The streams begin; their link may run already, or not yet, or no more.
  private void meet() {
    var running =
        Source.<ByteString>queue(10)
            .via(Flow.fromGraph(new Shore(stage)))
            .toMat(Sink.<ByteString>queue(1), Keep.both())
            .withAttributes(Attributes.inputBuffer(1, 1))
            .run(KIT.system());
    says = running.first();
    hears = running.second();
  }

  /// The link begins.
  private void link() {
    over = RunnableGraph.fromGraph(stage).run(KIT.system()).toCompletableFuture();
    Tcp.Register register = expect(Tcp.Register.class);
    assertThat(register.keepOpenOnPeerClosed()).isTrue();
    link = register.handler();
    expectReading();
  }

  private <C> C expect(Class<C> command) {
    return command.cast(tcp.receiveMessage(PATIENCE));
  }

  private void expect(Tcp.Command command) {
    assertThat(tcp.receiveMessage(PATIENCE)).isEqualTo(command);
  }

  private void expectReading() {
    expect(TcpMessage.resumeReading());
  }

  /// That nothing was commanded until now: what is told next comes next.
  private void expectNothing() {
    tcp.expectNoMessage(Duration.ofMillis(100));
  }

  private void happens(Object event) {
    link.tell(event, Adapter.toClassic(tcp.getRef()));
  }

  private void came(ByteString bytes) {
    happens(new Tcp.Received(bytes));
  }

  private void written(Tcp.Write write) {
    happens(write.ack());
  }

  private ByteString heard() throws Exception {
    return next().orElseThrow();
  }

  private Optional<ByteString> next() throws Exception {
    return hears.pull().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  private void awaitOver() throws Exception {
    over.get(10, TimeUnit.SECONDS);
  }

  /// The streams that every test has are with another link here, which nobody tells anything.
  @Nested
  class AMeetingThatIsLate {
    @BeforeEach
    void link() {
      stage = stage();
      LinkTest.this.link();
    }

    @Test
    void learnsThatTheClientHasEnded() throws Exception {
      happens(Tcp.PeerClosed$.MODULE$);
      meet();
      assertThat(next()).isEmpty();
    }

    @Test
    void learnsThatTheConnectionIsOver() throws Exception {
      happens(new Tcp.ErrorClosed("reset"));
      awaitOver();
      meet();
      assertThat(next()).isEmpty();
    }
  }

  @Nested
  class Writing {
    @Test
    void isOnePieceAtATime() {
      says.offer(ONE);
      says.offer(TWO);
      Tcp.Write one = expect(Tcp.Write.class);
      assertThat(one.data()).isEqualTo(ONE);
      expectNothing();
      written(one);
      assertThat(expect(Tcp.Write.class).data()).isEqualTo(TWO);
    }

    @Test
    void isFinishedBeforeTheConnectionIsClosed() throws Exception {
      says.offer(ONE);
      Tcp.Write one = expect(Tcp.Write.class);
      says.complete();
      expectNothing();
      written(one);
      expect(TcpMessage.close());
      assertThat(over).isNotDone();
      happens(Tcp.Closed$.MODULE$);
      awaitOver();
    }

    @Test
    void goesOnForAClientThatSaysNoMore() throws Exception {
      happens(Tcp.PeerClosed$.MODULE$);
      assertThat(next()).isEmpty();
      says.offer(ONE);
      assertThat(expect(Tcp.Write.class).data()).isEqualTo(ONE);
    }

    @Test
    void thatFailsAborts() throws Exception {
      says.fail(new IllegalStateException("no answer"));
      expect(TcpMessage.abort());
      awaitOver();
    }
  }

  @Nested
  class Reading {
    /// How many pieces the reader of this test has room for is its own affair.
    @Test
    void stopsWithOnePieceThatNobodyHasAskedFor() throws Exception {
      int taken = 0;
      do {
        came(piece(taken++));
      } while (readsOn());
      assertThat(heard()).isEqualTo(piece(0));
      expectReading();
      for (int i = 1; i < taken; i++) {
        assertThat(heard()).isEqualTo(piece(i));
      }
      expectNothing();
      came(ONE);
      expectReading();
    }

    private static ByteString piece(int number) {
      return ByteString.fromString("piece " + number);
    }

    private boolean readsOn() {
      try {
        expectNothing();
        return false;
      } catch (AssertionError reads) {
        return true;
      }
    }

    @Test
    void goesOnForNobodySoThatTheEndIsSeen() {
      hears.cancel();
      came(ONE);
      expectReading();
      came(TWO);
      expectReading();
    }
  }

  /// HTTP has the handshake behind it; what it says last is its answer.
  @Nested
  class BecomingASocket {
    private final TestProbe<Wire.Event> connection = KIT.createTestProbe();
    private final CompletableFuture<Wire> opened = new CompletableFuture<>();
    private final SocketPlan plan =
        new SocketPlan(
            (wire, opens) -> {
              opens.accept(connection.getRef());
              opened.complete(wire);
            },
            1_000,
            PATIENCE,
            false);

    /// The streams are over before that.
    @Test
    void beginsWhenTheAnswerIsWritten() throws Exception {
      says.offer(ONE);
      Tcp.Write answer = expect(Tcp.Write.class);
      stage.tell(new Link.Step.LeaveHttp());
      assertThat(next()).isEmpty();
      stage.tell(new Link.Step.Become(plan, ByteString.emptyByteString()));
      says.complete();
      expectNothing();
      assertThat(opened).isNotDone();
      written(answer);
      opened.get(10, TimeUnit.SECONDS);
    }

    @Test
    void losesNothingThatTheClientSaidMeanwhile() throws Exception {
      ByteString bytes = ByteString.fromArray(Frames.join(Frames.text("a"), Frames.text("b")));
      stage.tell(new Link.Step.LeaveHttp());
      assertThat(next()).isEmpty();
      came(bytes.drop(5));
      expectNothing();
      stage.tell(new Link.Step.Become(plan, bytes.take(5)));
      says.complete();
      Wire wire = opened.get(10, TimeUnit.SECONDS);
      expectReading();
      assertPulled(wire, "a");
      assertPulled(wire, "b");
      came(ByteString.fromArray(Frames.text("c")));
      expectReading();
      assertPulled(wire, "c");
      happens(Tcp.PeerClosed$.MODULE$);
      connection.expectMessage(PATIENCE, new Wire.Event.Gone());
      expect(TcpMessage.close());
    }

    private void assertPulled(Wire wire, String text) {
      wire.pull();
      Wire.Event event;
      do {
        event = connection.receiveMessage(PATIENCE);
      } while (event instanceof Wire.Event.Ready);
      assertThat(event).isEqualTo(new Wire.Event.Text(text));
    }

    @Test
    void knowsThatTheClientHasEndedBefore() throws Exception {
      happens(Tcp.PeerClosed$.MODULE$);
      stage.tell(new Link.Step.LeaveHttp());
      assertThat(next()).isEmpty();
      stage.tell(new Link.Step.Become(plan, ByteString.fromArray(Frames.text("last"))));
      says.complete();
      assertPulled(opened.get(10, TimeUnit.SECONDS), "last");
      connection.expectMessage(PATIENCE, new Wire.Event.Gone());
      expect(TcpMessage.close());
    }

    @Test
    void isNoneWhereTheStreamsStopWithoutAWord() throws Exception {
      stage.tell(new Link.Step.LeaveHttp());
      stage.tell(new Link.Step.SaidAll());
      stage.tell(new Link.Step.Left());
      expect(TcpMessage.abort());
      awaitOver();
      assertThat(opened).isNotDone();
    }

    @Test
    void isNoneWhereSomeOfItsBytesWereDropped() throws Exception {
      stage.tell(new Link.Step.Enough());
      stage.tell(new Link.Step.LeaveHttp());
      expect(TcpMessage.abort());
      awaitOver();
    }

    @Test
    void ofAConnectionThatIsCutMeanwhileIsNone() throws Exception {
      stage.tell(new Link.Step.LeaveHttp());
      all.end();
      expect(TcpMessage.abort());
      awaitOver();
      stage.tell(new Link.Step.Become(plan, ByteString.emptyByteString()));
      assertThat(opened).isNotDone();
    }
  }

  @Nested
  class TheEnd {
    @Test
    void byAnErrorIsAFailure() throws Exception {
      happens(new Tcp.ErrorClosed("reset"));
      awaitOver();
      assertThat(failure()).hasMessageContaining("reset");
    }

    @Test
    void ofTheConnectionsActorIsAFailure() throws Exception {
      tcp.stop();
      awaitOver();
      assertThat(failure()).hasMessageContaining("gone");
    }

    private @Nullable Throwable failure() throws Exception {
      try {
        return new AssertionError("heard " + next());
      } catch (ExecutionException e) {
        return e.getCause();
      }
    }

    @Test
    void isAbortedForAllThatShallEnd() throws Exception {
      says.offer(ONE);
      expect(Tcp.Write.class);
      all.end();
      expect(TcpMessage.abort());
      awaitOver();
      assertThat(next()).isEmpty();
    }
  }
}
