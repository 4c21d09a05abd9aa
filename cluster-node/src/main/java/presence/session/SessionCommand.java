package presence.session;

import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;
import presence.cluster.Remote;
import presence.cluster.ToItself;
import presence.instance.ChatInstance;
import presence.protocol.ServerMessage.Parting;
import presence.user.Delivery;
import presence.user.Item;
import presence.user.MailCommand;
import presence.user.Posting;
import presence.user.Silence;
import presence.user.User;
import presence.user.Verdict;
import presence.world.World;

/// What a [UserSession] is told.
public sealed interface SessionCommand extends Remote {

  /// A connection takes the session; repeated until answered by [Notice.Attached] or
  /// [Notice.AttachRefused].
  ///
  /// @param tokenHash of the resume token the client will be given; it tells a repetition from a
  ///   second attach
  record Attach(
      Opening opening, Profile.Update profile, String tokenHash, ActorRef<Notice> connection)
      implements SessionCommand {}

  /// The connection of this epoch lost its socket.
  record Detach(long epoch) implements SessionCommand {}

  /// The connection of this epoch still stands: its sign of life, and its claim after the entity
  /// moved or started again. Answered by [Notice.Held], [Notice.Replaced] or [Notice.Over].
  record Reclaim(long epoch, Action.Move place, ActorRef<Notice> connection)
      implements SessionCommand {}

  /// The client of this epoch was heard: it holds the newest token.
  record Confirm(long epoch) implements SessionCommand {}

  /// A client's wish, numbered by its connection; repeated until answered by [Notice.Done] or
  /// [Notice.Refused], for [Action.Say] by the instance itself.
  record Order(
      long epoch, long number, boolean repeated, Action action, ActorRef<Notice> connection)
      implements SessionCommand {}

  /// Ends the session of whoever holds this resume token. Answered by whether it did.
  record Quit(String tokenHash, ActorRef<Boolean> replyTo) implements SessionCommand {}

  /// Ends the session at once. Answered, to whoever wants to know, by whether there was one.
  ///
  /// @param upTo a session of this id that began after this step is another one, and is spared; 0 =
  ///   whichever there is
  record Evict(EndReason reason, long upTo, @Nullable ActorRef<Boolean> replyTo)
      implements SessionCommand {
    public Evict(EndReason reason, @Nullable ActorRef<Boolean> replyTo) {
      this(reason, 0, replyTo);
    }

    public Evict(EndReason reason) {
      this(reason, null);
    }
  }

  /// What concerns its mail.
  sealed interface Postal extends SessionCommand {}

  /// A direct message for this session; repeated until a [Verdict] comes.
  record Post(Posting posting, long number, ActorRef<Verdict> replyTo) implements Postal {}

  /// Mail of the session's person, for its connection.
  ///
  /// @param collected the number of the request this answers; 0 = none
  record Push(List<Delivery> deliveries, long collected) implements Postal {}

  /// What became of letters the session sent while it was anonymous; repeated until answered.
  record Inform(List<Item.Outcome> outcomes, ActorRef<MailCommand.Informed> replyTo)
      implements Postal {}

  /// Where the session's person must be silent; repeated until answered.
  record Hush(Silence silence, ActorRef<Silence.Heard> replyTo) implements SessionCommand {}

  /// An instance lists the session at step `n` and asks whether it exists.
  record RollCall(String instance, long n) implements SessionCommand {}

  /// What a world says unasked.
  sealed interface Worldly extends SessionCommand {
    String piece();

    long n();
  }

  /// A world lists the session at step `n` and asks whether it exists.
  record WorldRoll(String piece, long n) implements Worldly {}

  /// The stays in a world that the session entered up to its step `n` are over; repeated until the
  /// session says so itself.
  ///
  /// @param id of the avatar it had
  record Dismissal(String piece, long n, String id, Parting why) implements Worldly {}

  /// Stops the entity at once, without writing.
  enum Stop implements SessionCommand {
    STOP
  }

  /// What it tells itself.
  sealed interface Own extends SessionCommand, ToItself {}

  enum Tick implements Own {
    RECOVERED,
    DEADLINE,
    UNCLAIMED,
    REPEAT,
    MAIL,
    MOVE,
    SETTLED,
    ABSENT
  }

  record ConnectionGone(long epoch) implements Own {}

  record InstanceSays(ChatInstance.Receipt receipt) implements Own {}

  record WorldSays(World.Receipt receipt) implements Own {}

  record PersonSays(User.Receipt receipt) implements Own {}

  /// The word filter judged what an order wants to be said; nothing = it failed.
  record Judged(Order order, WordFilter.@Nullable Opinion opinion) implements Own {}

  record MailboxSays(Verdict verdict) implements Own {}

  record Settled(MailCommand.Acknowledged acknowledged) implements Own, Postal {}

  record SenderKnows(MailCommand.Informed informed) implements Own, Postal {}
}
