package presence.gateway;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import presence.protocol.CloseCode;
import presence.protocol.Codec;
import presence.protocol.ErrorCode;
import presence.protocol.ServerMessage;

/// A connection's way to its client: the wire and what waits for it. Everything that is due while a
/// frame is on its way goes out together in the next one.
final class Line {
  private record Ending(CloseCode code, String reason) {}

  private final Wire wire;
  private final Codec codec;
  private final Outbox outbox;
  private final GatewayMeter meter;
  private final Bypass bypass;

  /// How many deliveries of relays came that are not all with the wire yet.
  private int due;

  private boolean closed;
  private @Nullable Ending ending;

  Line(Wire wire, Codec codec, Outbox outbox, GatewayMeter meter) {
    this.wire = wire;
    this.codec = codec;
    this.outbox = outbox;
    this.meter = meter;
    this.bypass = new Bypass(wire, outbox.frameBytesMax());
  }

  /// Says something to this client alone. A client that leaves its answers unread is given up.
  void answer(ServerMessage message) {
    if (closed) {
      return;
    }
    int stale = outbox.staleStreams();
    boolean fits = outbox.answer(Encoded.of(codec, message));
    countConflated(stale);
    if (!fits) {
      closeNow(CloseCode.TOO_SLOW, "answers are not read");
    }
  }

  /// Says something that can wait, if there is room for it now.
  boolean offer(ServerMessage message) {
    return outbox.offer(Encoded.of(codec, message));
  }

  void refuse(ErrorCode code, String message, @Nullable String ref) {
    answer(new ServerMessage.Error(code, message, ref, code.retryable(), null, null, null));
  }

  /// Passes on what goes on in an instance or a world.
  void stream(Topic topic, Batch batch, boolean fresh) {
    int stale = outbox.staleStreams();
    outbox.stream(topic, batch, fresh);
    countConflated(stale);
  }

  private void countConflated(int before) {
    for (int i = before; i < outbox.staleStreams(); i++) {
      meter.conflated();
    }
  }

  /// Whether the client can be sent something now; if not, its connection hears when it can.
  boolean isReady() {
    return wire.isReady();
  }

  /// Sends what waits, as far as the wire takes it; to be called when everything due at this moment
  /// is said, and when the wire is ready.
  ///
  /// @return whether anything was sent
  boolean flush() {
    boolean sent = false;
    while (!closed && !outbox.isEmpty() && isReady()) {
      if (wire.take()) {
        outbox.take().ifPresent(wire::send);
        sent = true;
      }
    }
    settle();
    Ending end = ending;
    if (end != null && outbox.isEmpty()) {
      closeNow(end.code(), end.reason());
    }
    return sent;
  }

  /// Closes once everything said before is on its way.
  void close(CloseCode code, String reason) {
    if (ending == null) {
      ending = new Ending(code, reason);
    }
  }

  /// Closes at once; what waits is lost.
  void closeNow(CloseCode code, String reason) {
    if (!closed) {
      closed = true;
      meter.closes(code);
      wire.close(code, reason);
    }
  }

  boolean isClosing() {
    return closed || ending != null;
  }

  /// The way to the client past this.
  Bypass bypass() {
    return bypass;
  }

  /// A relay's delivery came that was not written past this; what it says is said next.
  void delivered() {
    due++;
  }

  private void settle() {
    if (due > 0 && outbox.isEmpty() && !outbox.isStale()) {
      bypass.passed(due);
      due = 0;
    }
  }

  void pull() {
    wire.pull();
  }

  /// Whether the client lags so far behind that streams were dropped.
  boolean isStale() {
    return outbox.isStale();
  }

  /// Whether this stream was dropped and has not begun anew.
  boolean isStale(Topic topic) {
    return outbox.isStale(topic);
  }

  /// Whether nothing waits for the client.
  boolean isEmpty() {
    return outbox.isEmpty();
  }

  /// What stream must be begun anew, now that there is room.
  Optional<Outbox.Stale> nextStale() {
    return outbox.isStale() && isReady() ? outbox.nextStale() : Optional.empty();
  }

  void leave(Topic topic) {
    outbox.leave(topic);
  }
}
