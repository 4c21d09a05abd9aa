package presence.user;

import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;

/// How a person reaches sessions, other mailboxes and the register. Every way delivers at most
/// once.
public interface Ways {

  /// Ends a session.
  ///
  /// @param upTo the newest step known of it: if it has ended and begun anew since, it is spared
  void evict(String session, long upTo, boolean banned);

  /// Hands items to a session, for its connection.
  ///
  /// @param collected the number of the [MailCommand.Collect] this answers; 0 = none
  void push(String session, List<Delivery> deliveries, long collected);

  /// Tells a sender's mailbox what became of letters.
  void inform(Address sender, List<Item.Outcome> outcomes, ActorRef<MailCommand.Informed> replyTo);

  /// Tells a session where its person must be silent.
  void hush(String session, Silence silence, ActorRef<Silence.Heard> replyTo);

  /// Writes into the register what is in force for a person.
  void register(String person, Sanctions sanctions, ActorRef<Register.Entered> replyTo);
}
