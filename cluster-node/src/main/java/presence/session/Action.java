package presence.session;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;
import presence.auth.Grant;
import presence.auth.Principal;
import presence.cluster.Remote;
import presence.instance.ChatInstance;
import presence.protocol.Setting;
import presence.protocol.Spot;
import presence.user.Address;

/// What a client asks of its session. Doing one twice is doing it once.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "is")
@JsonSubTypes({
  @JsonSubTypes.Type(name = "move", value = Action.Move.class),
  @JsonSubTypes.Type(name = "join", value = Action.Join.class),
  @JsonSubTypes.Type(name = "leave", value = Action.Leave.class),
  @JsonSubTypes.Type(name = "enter", value = Action.Enter.class),
  @JsonSubTypes.Type(name = "exit", value = Action.Exit.class),
  @JsonSubTypes.Type(name = "emit", value = Action.Emit.class),
  @JsonSubTypes.Type(name = "say", value = Action.Say.class),
  @JsonSubTypes.Type(name = "send", value = Action.Send.class),
  @JsonSubTypes.Type(name = "acknowledge", value = Action.Acknowledge.class),
  @JsonSubTypes.Type(name = "identify", value = Action.Identify.class),
  @JsonSubTypes.Type(name = "watch", value = Action.Watch.class),
  @JsonSubTypes.Type(name = "unwatch", value = Action.Unwatch.class),
  @JsonSubTypes.Type(name = "bye", value = Action.Bye.class),
})
public sealed interface Action extends Remote {
  /// Go elsewhere, or into the background; what is absent stays. Written without what is absent,
  /// since a null that is read means "nowhere".
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Move(@Nullable Setting location, @Nullable Boolean visible) implements Action {
    /// Both moves as one.
    public Move then(Move later) {
      return new Move(
          later.location == null ? location : later.location,
          later.visible == null ? visible : later.visible);
    }
  }

  record Join(String instance) implements Action {}

  record Leave(String instance) implements Action {}

  /// Enter a world.
  ///
  /// @param look of the avatar: a JSON object
  record Enter(String piece, String look, Spot spot) implements Action {}

  /// Leave a world.
  record Exit(String piece) implements Action {}

  /// Tell the others in a world something, at most once: not again if it is unknown whether it was.
  ///
  /// @param data a JSON value
  record Emit(String piece, String name, @Nullable String data) implements Action {}

  /// Say something; the instance itself answers to `answerTo`.
  record Say(
      String instance, String text, String clientMessageId, ActorRef<ChatInstance.Answer> answerTo)
      implements Action {}

  /// Send a direct message. Answered by [Notice.Accepted], in the order in which the messages to
  /// one recipient were sent; the same `clientMessageId` again sends nothing and is answered alike.
  record Send(Address to, String text, String clientMessageId) implements Action {}

  /// The client has the items of these ids: letters, and outcomes of its own.
  record Acknowledge(List<String> ids) implements Action {}

  /// Become a person's; or, of the same person, prove it anew.
  ///
  /// @param grant what the proof allows; absent when an older node says so
  record Identify(Principal principal, @Nullable Grant grant) implements Action {
    public Identify(Principal principal) {
      this(principal, null);
    }
  }

  record Watch(List<String> persons) implements Action {}

  record Unwatch(List<String> persons) implements Action {}

  /// End the session, without grace.
  record Bye() implements Action {}
}
