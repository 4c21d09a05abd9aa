package presence.session;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import presence.auth.Grant;
import presence.auth.Principal;
import presence.cluster.Last;
import presence.cluster.Remote;
import presence.protocol.Spot;
import presence.user.MailEvent;

/// What happened to a session. Times are milliseconds since 1970; every event is one step of the
/// session's own count `n`, by which instances and persons tell its words apart.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "is")
@JsonSubTypes({
  @JsonSubTypes.Type(name = "opened", value = SessionEvent.Opened.class),
  @JsonSubTypes.Type(name = "attached", value = SessionEvent.Attached.class),
  @JsonSubTypes.Type(name = "confirmed", value = SessionEvent.Confirmed.class),
  @JsonSubTypes.Type(name = "detached", value = SessionEvent.Detached.class),
  @JsonSubTypes.Type(name = "reclaimed", value = SessionEvent.Reclaimed.class),
  @JsonSubTypes.Type(name = "moved", value = SessionEvent.Moved.class),
  @JsonSubTypes.Type(name = "joined", value = SessionEvent.Joined.class),
  @JsonSubTypes.Type(name = "left", value = SessionEvent.Left.class),
  @JsonSubTypes.Type(name = "released", value = SessionEvent.Released.class),
  @JsonSubTypes.Type(name = "entered", value = SessionEvent.Entered.class),
  @JsonSubTypes.Type(name = "exited", value = SessionEvent.Exited.class),
  @JsonSubTypes.Type(name = "withdrawn", value = SessionEvent.Withdrawn.class),
  @JsonSubTypes.Type(name = "identified", value = SessionEvent.Identified.class),
  @JsonSubTypes.Type(name = "watched", value = SessionEvent.Watched.class),
  @JsonSubTypes.Type(name = "mailed", value = SessionEvent.Mailed.class),
  @JsonSubTypes.Type(name = "ending", value = SessionEvent.Ending.class),
  @JsonSubTypes.Type(name = "ended", value = SessionEvent.Ended.class),
})
public sealed interface SessionEvent extends Remote {
  /// A first connection opened the session.
  ///
  /// @param n the step this is, above every step of an earlier life of the same id
  /// @param grant what its proof allows; absent = everything but to speak as nobody
  record Opened(
      Principal principal,
      Profile profile,
      String tokenHash,
      long n,
      @Nullable Grant grant,
      long at)
      implements SessionEvent {
    public Opened(Principal principal, Profile profile, String tokenHash, long n, long at) {
      this(principal, profile, tokenHash, n, null, at);
    }
  }

  /// A connection took the session over; the profile and the viewed instances are those from now
  /// on.
  ///
  /// @param presented the hash of the token it came with; absent when it came by its key
  /// @param grant of a new proof; absent = as before
  record Attached(
      String tokenHash,
      @Nullable String presented,
      Profile profile,
      Set<String> viewing,
      @Nullable Grant grant,
      long at)
      implements SessionEvent {
    public Attached(
        String tokenHash,
        @Nullable String presented,
        Profile profile,
        Set<String> viewing,
        long at) {
      this(tokenHash, presented, profile, viewing, null, at);
    }
  }

  /// The client showed that it holds the newest token; its predecessor is worth nothing now.
  record Confirmed(long at) implements SessionEvent {}

  /// The connection is gone.
  record Detached(Lease lease, long at) implements SessionEvent {}

  /// The connection was not gone after all.
  record Reclaimed(long at) implements SessionEvent {}

  /// The user went elsewhere; `viewing` are the joined instances they look at now.
  record Moved(@Nullable String location, boolean visible, Set<String> viewing, long at)
      implements SessionEvent {}

  record Joined(String instance, boolean viewing, long at) implements SessionEvent {}

  record Left(String instance, long at) implements SessionEvent {}

  /// The instance acknowledged that the session left.
  record Released(String instance, long at) implements SessionEvent {}

  /// The session is in a world from now on, or anew.
  record Entered(String piece, String look, Spot spot, long at) implements SessionEvent {}

  record Exited(String piece, long at) implements SessionEvent {}

  /// The world acknowledged that the session left.
  record Withdrawn(String piece, long at) implements SessionEvent {}

  /// An anonymous session became a person's; or a person proved themselves anew.
  ///
  /// @param grant what the proof allows
  record Identified(Principal principal, @Nullable Grant grant, long at) implements SessionEvent {
    public Identified(Principal principal, long at) {
      this(principal, null, at);
    }
  }

  /// Whom the session follows from now on.
  record Watched(List<String> persons, long at) implements SessionEvent {}

  /// Something happened to the mailbox of the session itself, which is or was anonymous.
  record Mailed(String session, MailEvent event) implements SessionEvent {}

  /// The session is over; whoever lists it must still be told.
  record Ending(EndReason reason, long at) implements SessionEvent {}

  /// Everybody was told. What the journal holds of the session is of no use any more.
  record Ended(long at) implements SessionEvent, Last {}
}
