package presence.session;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;
import presence.auth.Grant;
import presence.auth.Principal;
import presence.cluster.Remote;
import presence.protocol.ErrorCode;
import presence.protocol.Position;
import presence.protocol.ServerMessage.Parting;
import presence.user.Delivery;

/// What a session tells the connection that has it, or asks for it.
public sealed interface Notice extends Remote {

  /// The session is the connection's.
  ///
  /// @param instances what is joined, and how far each stream was when the session last heard
  /// @param worlds the worlds it is in, and how far each was when the session last heard
  /// @param grant what its proof allows; absent = everything
  /// @param incarnation the entity as it runs now; when it ends, the connection reclaims
  record Attached(
      String session,
      long epoch,
      boolean resumed,
      Principal principal,
      Profile profile,
      Map<String, Position> instances,
      Map<String, Position> worlds,
      List<String> watches,
      @Nullable Grant grant,
      ActorRef<SessionCommand> incarnation)
      implements Notice {
    public Attached {
      worlds = Objects.requireNonNullElse(worlds, Map.of()); // an older node says nothing of them
    }
  }

  record AttachRefused(ErrorCode code, String message) implements Notice {}

  /// The session is still the connection's.
  ///
  /// @param worlds those it is in; absent when an older node says so
  record Held(ActorRef<SessionCommand> incarnation, @Nullable List<String> worlds)
      implements Notice {}

  /// A newer connection has the session.
  record Replaced(long epoch) implements Notice {}

  /// The session has ended, or there is none.
  record Over(EndReason reason) implements Notice {}

  /// The instance did not admit the session after all; said to a connection that did not ask
  /// itself.
  record Unjoined(String instance) implements Notice {}

  /// The session is out of this world, not by its own will.
  ///
  /// @param id of the avatar it had; absent if it never had one
  record Parted(String piece, @Nullable String id, Parting why) implements Notice {}

  /// The order is done, durably.
  ///
  /// @param at for a join or an entering, a place in the stream at or after the session's own
  ///   joining
  record Done(long number, @Nullable Position at) implements Notice {}

  /// The direct message is in its recipient's mailbox, durably.
  ///
  /// @param id what the recipient will know it by
  record Accepted(long number, String clientMessageId, String id) implements Notice {}

  /// Mail, in the order in which it is to be handed over. Repeated until the client acknowledges
  /// each id, a bounded number of times.
  record Mail(List<Delivery> deliveries) implements Notice {}

  record Refused(long number, ErrorCode code, String message, @Nullable Long retryAfterMs)
      implements Notice {}
}
