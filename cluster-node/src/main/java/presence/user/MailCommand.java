package presence.user;

import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import presence.cluster.Remote;
import presence.cluster.ToItself;

/// What a [User] is told about mail. Doing any of it twice is doing it once.
public sealed interface MailCommand extends User.Command {

  /// Take a direct message in; repeated until a [Verdict] comes.
  record Accept(Posting posting, long number, ActorRef<Verdict> replyTo) implements MailCommand {}

  /// A session of the person has these items; repeated until [Acknowledged] comes.
  record Acknowledge(String session, List<String> ids, long number, ActorRef<Acknowledged> replyTo)
      implements MailCommand {}

  /// A connection took the session and wants everything it has not acknowledged; answered by a
  /// push, repeated until that comes. A repetition is given what is due only.
  ///
  /// @param number another one for each connection
  record Collect(String session, long number) implements MailCommand {}

  /// The session has no connection to hand these to, and collects them when it has one.
  record Away(String session, List<Delivery> deliveries) implements MailCommand {}

  /// What became of letters the person sent; repeated until [Informed] comes.
  record Inform(List<Item.Outcome> outcomes, ActorRef<Informed> replyTo) implements MailCommand {}

  /// A sender's mailbox took outcomes.
  record SenderKnows(Informed informed) implements MailCommand, ToItself {}

  /// The answer to an [Acknowledge]: durable.
  record Acknowledged(long number) implements Remote {}

  /// The answer to an [Inform]: durable. The ids are those of the letters.
  record Informed(List<String> ids) implements Remote {
    public static Informed of(List<Item.Outcome> outcomes) {
      return new Informed(outcomes.stream().map(Item.Outcome::id).toList());
    }
  }
}
