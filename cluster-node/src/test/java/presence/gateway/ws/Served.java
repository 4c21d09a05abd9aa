package presence.gateway.ws;

import java.time.Duration;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.util.ByteString;
import presence.gateway.Payload;
import presence.gateway.Wire;

/// One socket of a [TestServer] and the connection that the test plays.
record Served(Wire wire, TestProbe<Wire.Event> connection) {
  /// Short enough to be waited out, long enough for an event that is on its way.
  private static final Duration QUIET = Duration.ofMillis(150);

  void send(String text) {
    send(wire, new Payload(ByteString.fromString(text)));
  }

  static void send(Wire wire, Payload payload) {
    if (!wire.take()) {
      throw new IllegalStateException("the wire is not ready");
    }
    wire.send(payload);
  }

  /// Asks for a message and returns it.
  String pullText() {
    wire.pull();
    return expect(Wire.Event.Text.class).text();
  }

  <E extends Wire.Event> E expect(Class<E> event) {
    return connection.expectMessageClass(event, TestServer.PATIENCE);
  }

  /// Passes over what is told before this.
  void skipTo(Class<? extends Wire.Event> event) {
    while (!event.isInstance(connection.receiveMessage(TestServer.PATIENCE))) {}
  }

  void expectReady() {
    expect(Wire.Event.Ready.class);
  }

  /// Waits until a frame may be sent.
  void awaitReady() {
    if (!wire.isReady()) {
      expectReady();
    }
  }

  /// If not, it will be told.
  boolean isReadyWithin(Duration patience) {
    try {
      return wire.isReady() || connection.receiveMessage(patience) instanceof Wire.Event.Ready;
    } catch (AssertionError e) {
      return false;
    }
  }

  void expectGoneOnce() {
    expect(Wire.Event.Gone.class);
    expectNothing();
  }

  void expectNothing() {
    connection.expectNoMessage(QUIET);
  }
}
