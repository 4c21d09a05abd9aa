package presence.protocol;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonSubTypes.Type;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import presence.protocol.ClientMessage.RosterMode;

/// What a node may say. `ref` is there on a direct answer to a message that carried one.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @Type(name = "challenge", value = ServerMessage.Challenge.class),
  @Type(name = "welcome", value = ServerMessage.Welcome.class),
  @Type(name = "authenticated", value = ServerMessage.Authenticated.class),
  @Type(name = "ok", value = ServerMessage.Ok.class),
  @Type(name = "error", value = ServerMessage.Error.class),
  @Type(name = "presence", value = ServerMessage.Presence.class),
  @Type(name = "presence:delta", value = ServerMessage.Delta.class),
  @Type(name = "presence:counts", value = ServerMessage.CountsChange.class),
  @Type(name = "chat:message", value = ServerMessage.Said.class),
  @Type(name = "chat:history", value = ServerMessage.History.class),
  @Type(name = "roster", value = ServerMessage.Roster.class),
  @Type(name = "dm:accepted", value = ServerMessage.Accepted.class),
  @Type(name = "dm:message", value = ServerMessage.Direct.class),
  @Type(name = "dm:outcome", value = ServerMessage.Outcome.class),
  @Type(name = "user", value = ServerMessage.User.class),
  @Type(name = "world:state", value = ServerMessage.WorldState.class),
  @Type(name = "world:joined", value = ServerMessage.Entered.class),
  @Type(name = "world:left", value = ServerMessage.Exited.class),
  @Type(name = "world:ghost", value = ServerMessage.Ghosted.class),
  @Type(name = "world:returned", value = ServerMessage.Returned.class),
  @Type(name = "world:moved", value = ServerMessage.Moved.class),
  @Type(name = "world:emitted", value = ServerMessage.Emitted.class),
  @Type(name = "ping", value = ServerMessage.Ping.class),
  @Type(name = "expiring", value = ServerMessage.Expiring.class),
  @Type(name = "closing", value = ServerMessage.Closing.class),
})
@JsonInclude(JsonInclude.Include.NON_NULL)
public sealed interface ServerMessage {
  /// The `ref` of the message this one answers, if it answers one.
  default @Nullable String ref() {
    return null;
  }

  /// Prove the key: sign this nonce. Valid once, on this socket, for 10 s.
  record Challenge(String nonce, @Nullable String ref) implements ServerMessage {}

  /// The session is attached to this connection. The first message a client gets, but for a
  /// challenge or a refusal.
  ///
  /// @param session the session's id; it selects nothing by itself
  /// @param user who was proved; absent for an anonymous session
  /// @param epoch the number of this connection among the session's connections
  /// @param resumed whether an earlier session goes on
  /// @param resume the token to come back with; its predecessor works until this client's next
  ///   frame
  /// @param graceMs how long the session outlives its socket
  /// @param pingMs how long a quiet socket goes without a `ping`
  /// @param udp where this connection's datagrams go; absent where the node takes none
  /// @param instances the instances still joined; a `presence` or what was missed follows for each
  /// @param worlds the worlds still entered; a `world:state` follows for each. Whoever was in
  ///   another must enter it again
  record Welcome(
      String session,
      @Nullable Member user,
      boolean anonymous,
      long epoch,
      boolean resumed,
      String resume,
      long graceMs,
      long pingMs,
      Limits limits,
      @Nullable Udp udp,
      List<String> instances,
      List<String> worlds,
      @Nullable String ref)
      implements ServerMessage {
    public Welcome {
      worlds = worlds == null ? List.of() : worlds;
    }
  }

  /// The way of datagrams to this connection's node.
  ///
  /// @param ticket id and key, good as long as this connection; base64url
  record Udp(String host, int port, String ticket) {
    /// Never the ticket: it may end up in a log.
    @Override
    public String toString() {
      return "Udp[" + host + ":" + port + "]";
    }
  }

  /// What this node accepts from one session.
  record Limits(
      int frameBytes,
      int textCodePoints,
      int instances,
      int rosterPage,
      int watches,
      int chatPerMinute,
      int locationPerSecond,
      int joinPerSecond) {}

  /// The session now belongs to this person.
  record Authenticated(Member user, @Nullable String ref) implements ServerMessage {}

  /// Done; sent only for a message that carried a `ref` and has no other answer.
  record Ok(String ref) implements ServerMessage {}

  /// Refused. The socket stays unless a close follows.
  record Error(
      ErrorCode code,
      String message,
      @Nullable String ref,
      boolean retryable,
      @Nullable Long retryAfterMs,
      @Nullable String instance,
      @Nullable String clientMessageId)
      implements ServerMessage {}

  /// An exact cut of the instance's stream at `seq`.
  ///
  /// @param roster whether deltas or only counts follow
  /// @param here the ids among `online` of who is here
  /// @param complete false = `online` is the first page; ask for the rest with `cursor`
  record Presence(
      String instance,
      long epoch,
      long seq,
      RosterMode roster,
      List<Member> online,
      List<String> here,
      Counts counts,
      boolean complete,
      @Nullable String cursor,
      @Nullable String ref)
      implements ServerMessage {}

  /// The net change from `from` (exclusive) to `seq`. An id stands at most once in `joined` and
  /// `left` and at most once in `here` and `away`; who left is away without being listed.
  record Delta(
      String instance,
      long epoch,
      long from,
      long seq,
      List<Member> joined,
      List<String> left,
      List<String> here,
      List<String> away,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Member> renamed,
      Counts counts,
      @Nullable String ref)
      implements ServerMessage {
    public Delta {
      renamed = renamed == null ? List.of() : renamed;
    }
  }

  /// The counts at `seq`, for a member that follows only these.
  record CountsChange(
      String instance, long epoch, long from, long seq, Counts counts, @Nullable String ref)
      implements ServerMessage {}

  /// Somebody said something: exactly one seq.
  ///
  /// @param clientMessageId to its author only
  record Said(
      String instance,
      long epoch,
      long seq,
      String id,
      Member from,
      String text,
      long at,
      @Nullable String clientMessageId,
      @Nullable String ref)
      implements ServerMessage {}

  /// The newest messages up to the snapshot before it, oldest first.
  record History(String instance, List<ChatMessage> messages) implements ServerMessage {}

  /// One page of the cut that the cursor names.
  record Roster(
      String instance,
      long epoch,
      long seq,
      List<Member> members,
      List<String> here,
      Counts counts,
      @Nullable String cursor,
      @Nullable String ref)
      implements ServerMessage {}

  /// The direct message is durable: it arrives, or its sender learns what became of it.
  ///
  /// @param id the message's, for its `outcome`
  record Accepted(String clientMessageId, String id, @Nullable String ref)
      implements ServerMessage {}

  /// Somebody wrote to this person or session. Pushed until an `ack` names its id, so it may come
  /// more than once; in order per sender.
  ///
  /// @param from the sender; an anonymous one has the id of their session and no handle
  /// @param at milliseconds since 1970 at which it was accepted
  /// @param redelivered whether it was pushed before
  record Direct(String id, Member from, String text, long at, boolean redelivered)
      implements ServerMessage {}

  /// What became of a direct message this person or session sent. Pushed until an `ack` names its
  /// id.
  record Outcome(String id, Fate outcome) implements ServerMessage {}

  /// What may become of an accepted direct message.
  enum Fate {
    /// A session of the recipient acknowledged it.
    DELIVERED,
    /// Nobody took it while it was kept.
    EXPIRED;

    @JsonValue
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// A watched person as they are now.
  ///
  /// @param here the instances the person is here in
  /// @param lastSeen milliseconds since 1970; absent while online and for who never came
  record User(
      Member user,
      boolean online,
      List<String> here,
      @Nullable String location,
      @Nullable Long lastSeen)
      implements ServerMessage {}

  /// Everybody else in the world as of now; the changes that follow are those after it.
  ///
  /// @param self the id of the client's own avatar
  record WorldState(String piece, String self, List<Avatar> avatars, @Nullable String ref)
      implements ServerMessage {}

  /// An avatar is in the world from now on. For one id, `world:joined` and `world:left` alternate.
  record Entered(String piece, String id, @Nullable String handle, Json avatar, Spot pos)
      implements ServerMessage {}

  /// An avatar is in the world no more. Of the client's own avatar: the client is out of the world.
  record Exited(String piece, String id, Parting reason) implements ServerMessage {}

  /// The avatar's client lost its socket. It returns within the ghost window, or is gone.
  record Ghosted(String piece, String id) implements ServerMessage {}

  /// The ghost's client is back.
  record Returned(String piece, String id, Spot pos) implements ServerMessage {}

  /// Where these avatars are now; the client's own may be among them.
  record Moved(String piece, List<Step> moves) implements ServerMessage {}

  /// Somebody in the world told the others something.
  ///
  /// @param id of the sender's avatar
  record Emitted(String piece, String id, String name, @Nullable Json data)
      implements ServerMessage {}

  /// Why an avatar is in a world no more.
  enum Parting {
    /// Its client left, or ended the session.
    LEFT,
    /// Its client lost its socket and did not come back in time.
    GONE,
    /// Another session of the same person has the avatar now.
    TAKEN_OVER,
    /// It looks different from now on: a `world:joined` follows.
    CHANGED,
    /// The world admits no further avatar.
    FULL;

    @JsonValue
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// Are you there? Any frame answers.
  record Ping() implements ServerMessage {}

  /// The proof of this session will end, or has: then it may hear everything and speak no more,
  /// until its client authenticates anew.
  ///
  /// @param at when, in milliseconds since 1970
  /// @param inMs how long that is from now; 0 = it has ended
  record Expiring(long at, long inMs) implements ServerMessage {}

  /// The node is about to close this socket.
  ///
  /// @param reconnectAfterMs how long to wait before coming back, different for every client
  record Closing(int code, String reason, long reconnectAfterMs) implements ServerMessage {}
}
