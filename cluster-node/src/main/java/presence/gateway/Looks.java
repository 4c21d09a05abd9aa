package presence.gateway;

import java.time.InstantSource;
import presence.protocol.ClientMessage;
import presence.protocol.ErrorCode;
import presence.protocol.ServerMessage;
import presence.session.Rate;
import presence.session.TokenBucket;

/// How often one client may ask for the people of an instance without its session being asked: by
/// pages, or as an onlooker. Each costs the node a list of them.
final class Looks {
  private final Line line;
  private final InstantSource clock;
  private TokenBucket bucket;

  Looks(Rate rate, Line line, InstantSource clock) {
    this.line = line;
    this.clock = clock;
    this.bucket = TokenBucket.full(rate, clock.millis());
  }

  /// Whether it may look now; if not, it is told when.
  boolean allow(ClientMessage asking, String instance) {
    bucket = bucket.refilled(clock.millis());
    if (bucket.has()) {
      bucket = bucket.taken();
      return true;
    }
    ErrorCode code = ErrorCode.RATE_LIMITED;
    line.answer(
        new ServerMessage.Error(
            code,
            "too often",
            asking.ref(),
            code.retryable(),
            bucket.untilNext().toMillis(),
            instance,
            null));
    return false;
  }
}
