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
///
/// What comes with every delivery, from the wire and from relays, is such a command itself. The
/// rest comes by adapters, which make it one.
public sealed interface ConnectionCommand
    permits Wire.Event,
        Relay.Delivery,
        WorldRelay.Delivery,
        ConnectionCommand.Close,
        ConnectionCommand.FromSession,
        ConnectionCommand.FromInstance,
        ConnectionCommand.FromPerson,
        ConnectionCommand.Verified,
        ConnectionCommand.Admitted,
        ConnectionCommand.Moved,
        ConnectionCommand.SessionGone,
        ConnectionCommand.Tick {
  /// Close the socket, for a reason of the node's.
  ///
  /// @param reconnectAfter what the client is told before; absent = nothing
  record Close(CloseCode code, String reason, @Nullable Duration reconnectAfter)
      implements ConnectionCommand {}

  record FromSession(Notice notice) implements ConnectionCommand {}

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
