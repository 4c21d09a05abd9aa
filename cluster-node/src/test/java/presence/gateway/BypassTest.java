package presence.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.junit.jupiter.api.Test;
import presence.protocol.ClientMessage.RosterMode;
import presence.protocol.Codec;
import presence.protocol.Counts;
import presence.protocol.Member;
import presence.protocol.Position;
import presence.protocol.ServerMessage;
import presence.session.Rate;

/// A relay that writes to a client, beside the connection that does.
class BypassTest {
  private static final Codec CODEC = new Codec(64 * 1024, 32);
  private static final int OUTBOX_BYTES = 1_500;
  private static final int FRAME_BYTES = 1_000;
  private static final String ROOM = "room";
  private static final Member ANN = new Member("@ann", "@ann", null);

  private final TestWire wire = new TestWire(CODEC);
  private final Line line =
      new Line(wire, CODEC, new Outbox(OUTBOX_BYTES, FRAME_BYTES), GatewayMeter.NONE);
  private final TestInbox<Relays.Command> relays = TestInbox.create();
  private final Streams streams =
      new Streams(
          relays.getRef(),
          line,
          "s1",
          new Looks(new Rate(1, Duration.ofSeconds(1), 1), line, InstantSource.system()),
          TestInbox.<Relay.Delivery>create().getRef());
  private final Relay.Way way = joins();

  /// The way that its relay is given, which has told nothing yet.
  private Relay.Way joins() {
    streams.resume(Map.of(ROOM, new Position(1, 0)), null);
    Relays.To to = (Relays.To) relays.receiveMessage();
    return Objects.requireNonNull(((Relay.Follow) to.command()).way());
  }

  private static ServerMessage.Said said(long seq, String text) {
    return new ServerMessage.Said(ROOM, 1, seq, "m" + seq, ANN, text, 1, null, null);
  }

  private static ServerMessage.Said said(long seq) {
    return said(seq, "hello");
  }

  private static Batch batch(ServerMessage message) {
    return new Batch(List.of(Encoded.of(CODEC, message)));
  }

  private static ServerMessage cut(long seq) {
    return new ServerMessage.Presence(
        ROOM,
        1,
        seq,
        RosterMode.FULL,
        List.of(ANN),
        List.of(),
        new Counts(1, 0, 1, 0),
        true,
        null,
        null);
  }

  private void relayTells(ServerMessage message) {
    way.tells();
    arrives(message);
  }

  private void arrives(ServerMessage message) {
    streams.onDelivery(
        new Relay.Stream(ROOM, batch(message), message instanceof ServerMessage.Presence));
    line.flush();
  }

  /// The client reads all that was written, and its connection hears of that.
  private void clientReads() {
    wire.readies();
    line.flush();
    wire.readies();
  }

  @Test
  void whatComesNextIsWrittenAtOnce() {
    wire.readies();
    assertThat(way.write(batch(said(1)))).isTrue();
    assertThat(wire.sent()).containsExactly(said(1));
    assertThat(streams.hasPassed(said(1))).isTrue();
    assertThat(streams.hasPassed(said(2))).isFalse();
  }

  @Test
  void nothingIsWrittenWhileTheClientDoesNotRead() {
    assertThat(way.write(batch(said(1)))).isFalse();
    assertThat(wire.sent()).isEmpty();
    assertThat(streams.hasPassed(said(1))).isFalse();
  }

  @Test
  void whatTheConnectionWasToldIsNotOvertaken() {
    wire.readies();
    way.tells();
    assertThat(way.write(batch(said(2)))).as("told, and not heard yet").isFalse();
    wire.take();
    arrives(said(1));
    wire.release();
    assertThat(way.write(batch(said(2)))).as("heard, and waits to be written").isFalse();
    clientReads();
    assertThat(way.write(batch(said(2)))).isTrue();
    assertThat(wire.sent()).containsExactly(said(1), said(2));
  }

  @Test
  void whoeverHasLeftGetsNothingAfterThat() {
    wire.readies();
    streams.leave(ROOM);
    assertThat(way.write(batch(said(1)))).isFalse();
    assertThat(wire.sent()).isEmpty();
    assertThat(wire.isReady()).as("given back").isTrue();
  }

  @Test
  void whoeverJoinsAnewIsNotGivenTheStreamOfBefore() {
    wire.readies();
    streams.resume(Map.of(ROOM, new Position(1, 7)), null);
    assertThat(way.write(batch(said(8)))).isFalse();
    assertThat(wire.isReady()).isTrue();
  }

  @Test
  void aStreamThatWasDroppedIsGivenByTheConnectionUntilItHasBegunAnew() {
    String text = "x".repeat(FRAME_BYTES - 200);
    relayTells(said(1, text));
    relayTells(said(2, text));
    assertThat(line.isStale()).isTrue();
    clientReads();
    assertThat(way.write(batch(said(3)))).isFalse();
    relayTells(cut(2));
    clientReads();
    assertThat(way.write(batch(said(3)))).isTrue();
    assertThat(wire.sent()).containsExactly(cut(2), said(3));
  }

  @Test
  void whatIsLongerThanAFrameIsLeftToTheConnection() {
    wire.readies();
    assertThat(way.write(batch(said(1, "x".repeat(FRAME_BYTES))))).isFalse();
    assertThat(wire.isReady()).isTrue();
  }
}
