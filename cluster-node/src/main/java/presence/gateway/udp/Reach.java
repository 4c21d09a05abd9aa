package presence.gateway.udp;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import presence.datagram.Echo;

/// Where a client is reached by datagrams, and whether it is. Immutable.
///
/// | event | next |
/// |---|---|
/// | newest ping from another address | that address, not confirmed: it may be somebody else's |
/// | newest ping that says the echo | confirmed now; the next pong has another echo |
/// | newest ping that says anything else | the same |
///
/// An address is confirmed only by who says back what was sent to it. So a captured ping that comes
/// from a forged address leads no moves there, and a way that is cut in one direction is not taken
/// in the other.
///
/// @param address of the newest ping; nobody's before the first
/// @param echo what pongs say
/// @param confirmedAt in milliseconds; [#NEVER] for a new address
record Reach(@Nullable InetSocketAddress address, Echo echo, long confirmedAt) {
  static final long NEVER = Long.MIN_VALUE;
  static final Reach NOWHERE = new Reach(null, Echo.NONE, NEVER);

  /// A ping came that is newer than everything before it.
  ///
  /// @param another makes an echo that nobody can guess
  Reach pinged(InetSocketAddress from, Echo said, Supplier<Echo> another, long now) {
    if (!from.equals(address)) {
      return new Reach(from, another.get(), NEVER);
    }
    return said.equals(echo) ? new Reach(from, another.get(), now) : this;
  }

  boolean isConfirmed(long now, Duration within) {
    return confirmedAt != NEVER && now - confirmedAt < within.toMillis();
  }
}
