package presence.workspace;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;
import presence.cluster.Remote;
import presence.cluster.ToItself;
import presence.protocol.Position;

/// What a [Workspace] is told. Whatever is answered may be repeated until it is.
public sealed interface WorkspaceCommand extends Remote {

  /// Something a route asks, or wants to be done; answered by one [Answer].
  sealed interface Question extends WorkspaceCommand {
    ActorRef<Answer> replyTo();
  }

  /// Creates the workspace if there is none, and gives the client claim `n` to it; answered by one
  /// [Answer].
  record Hold(
      String client, long n, @Nullable String path, @Nullable String name, ActorRef<Answer> replyTo)
      implements WorkspaceCommand {}

  record Describe(ActorRef<Answer> replyTo) implements Question {}

  /// What the client looks at from now on; absent = nothing.
  record Select(String client, @Nullable String session, ActorRef<Answer> replyTo)
      implements Question {}

  record DescribeSession(String session, ActorRef<Answer> replyTo) implements Question {}

  /// Creates a session, if there is none of this id.
  record CreateSession(String session, @Nullable String name, ActorRef<Answer> replyTo)
      implements Question {}

  /// Gives a session another name; absent = none.
  record RenameSession(String session, @Nullable String name, ActorRef<Answer> replyTo)
      implements Question {}

  record DeleteSession(String session, ActorRef<Answer> replyTo) implements Question {}

  /// The client does something in a session.
  record StartRun(String client, String session, String run, ActorRef<Answer> replyTo)
      implements Question {}

  /// It is done with that. A run that is not open is as good as ended.
  record EndRun(String session, String run, ActorRef<Answer> replyTo) implements Question {}

  /// A stream of a client wants the changes from where it stands; repeated as its sign of life, and
  /// as its claim after the entity moved or started again.
  ///
  /// @param since absent = the stream has nothing yet
  /// @param post takes what this stream and others of its node are told; absent = the stream itself
  record Attach(
      String client,
      long n,
      @Nullable Position since,
      ActorRef<Feed> stream,
      @Nullable ActorRef<Delivery> post)
      implements WorkspaceCommand {}

  /// No claim of the client up to number `n` counts any more; answered by [Client.Released].
  record Release(String client, long n, ActorRef<Client.Command> replyTo)
      implements WorkspaceCommand {}

  /// A client lists claim `n` and asks whether it still is; if not, answered by [Client.Released].
  record Audit(String client, long n, ActorRef<Client.Command> replyTo)
      implements WorkspaceCommand {}

  /// Stops the entity at once, without writing.
  enum Stop implements WorkspaceCommand {
    STOP
  }

  /// What it tells itself.
  sealed interface Own extends WorkspaceCommand, ToItself {}

  enum Tick implements Own {
    DEADLINE,
    UNCLAIMED,
    ABSENT
  }

  record StreamGone(ActorRef<Feed> stream) implements Own {}

  /// The answer to a [Question].
  sealed interface Answer extends Remote {}

  /// The workspace as it is now.
  ///
  /// @param created whether it was not there before
  record Shown(WorkspaceView workspace, boolean created) implements Answer {}

  /// The session as it is now.
  ///
  /// @param created whether it was not there before
  record SessionShown(SessionView session, boolean created) implements Answer {}

  enum Done implements Answer {
    DONE
  }

  /// Why a command did nothing.
  enum Refusal implements Answer {
    NO_WORKSPACE,
    NO_SESSION,
    /// The client has no stream, or for a run not even a claim.
    NOT_ATTACHED,
    /// The claim of this number is over.
    STALE,
    TOO_MANY_CLIENTS,
    TOO_MANY_STREAMS,
    TOO_MANY_SESSIONS,
    TOO_MANY_RUNS
  }

  /// What is for streams of a workspace on one node.
  ///
  /// @param stream absent = all that attached
  record Delivery(
      String workspace,
      @Nullable ActorRef<Feed> stream,
      @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "is")
          @JsonSubTypes({
            @JsonSubTypes.Type(name = "counted", value = Counted.class),
            @JsonSubTypes.Type(name = "cut", value = Cut.class),
            @JsonSubTypes.Type(name = "changes", value = Changes.class),
            @JsonSubTypes.Type(name = "refused", value = Refused.class),
          })
          Feed feed)
      implements Remote {}

  /// What a stream is told.
  sealed interface Feed extends Remote {}

  /// The stream counts; what it lacks follows. The incarnation of the entity may be watched.
  record Counted(ActorRef<WorkspaceCommand> incarnation) implements Feed {}

  /// An exact cut, for a stream that cannot be brought on by changes.
  record Cut(WorkspaceView workspace) implements Feed {}

  /// The changes after `from`, each of them one seq.
  record Changes(Position from, List<Change> changes) implements Feed {
    public Changes {
      changes = List.copyOf(changes);
    }
  }

  /// The stream does not count, and never will.
  record Refused(Refusal why) implements Feed {}
}
