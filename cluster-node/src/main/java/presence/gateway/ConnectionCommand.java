package presence.gateway;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import presence.auth.TokenVerifier;
import presence.instance.ChatInstance;
import presence.protocol.CloseCode;
import presence.session.Notice;
import presence.user.User;

/// What the actor of one socket is told: first as a [Handshake], which becomes an [Attaching],
/// which becomes a [Connection].
public sealed interface ConnectionCommand {
  /// Close the socket, for a reason of the node's.
  ///
  /// @param reconnectAfter what the client is told before; absent = nothing
  record Close(CloseCode code, String reason, @Nullable Duration reconnectAfter)
      implements ConnectionCommand {}

  record FromWire(Wire.Event event) implements ConnectionCommand {}

  record FromSession(Notice notice) implements ConnectionCommand {}

  record FromRelay(Relay.Delivery delivery) implements ConnectionCommand {}

  record FromWorld(WorldRelay.Delivery delivery) implements ConnectionCommand {}

  record FromInstance(ChatInstance.Answer answer) implements ConnectionCommand {}

  record FromPerson(User.Seen seen) implements ConnectionCommand {}

  record Verified(TokenVerifier.Verdict verdict) implements ConnectionCommand {}

  record Admitted(User.Admission admission) implements ConnectionCommand {}

  /// Moves came as datagrams.
  record Moved() implements ConnectionCommand {}

  record SessionGone() implements ConnectionCommand {}

  enum Tick implements ConnectionCommand {
    HELLO,
    ATTACH,
    LIFE,
    ORDERS,
    CLAIM,
    DRAIN,
    REST,
    PROOF,
    CLOSE
  }
}
