package presence.session;

import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import presence.cluster.Door;
import presence.user.Address;
import presence.user.Delivery;
import presence.user.Item;
import presence.user.MailCommand;
import presence.user.Posting;
import presence.user.Register;
import presence.user.Sanctions;
import presence.user.Silence;
import presence.user.User;
import presence.user.Verdict;
import presence.user.Ways;

/// The ways to sessions and persons, and so to every mailbox; and to the register.
public record Doors(
    Door<SessionCommand> sessions, Door<User.Command> users, Door<Register.Command> registers)
    implements Ways {

  @Override
  public void evict(String session, long upTo, boolean banned) {
    sessions.tell(
        session,
        new SessionCommand.Evict(banned ? EndReason.BANNED : EndReason.KICKED, upTo, null));
  }

  @Override
  public void push(String session, List<Delivery> deliveries, long collected) {
    sessions.tell(session, new SessionCommand.Push(deliveries, collected));
  }

  @Override
  public void inform(
      Address sender, List<Item.Outcome> outcomes, ActorRef<MailCommand.Informed> replyTo) {
    switch (sender) {
      case Address.Person person ->
          users.tell(person.id(), new MailCommand.Inform(outcomes, replyTo));
      case Address.Session session ->
          sessions.tell(session.id(), new SessionCommand.Inform(outcomes, replyTo));
    }
  }

  @Override
  public void hush(String session, Silence silence, ActorRef<Silence.Heard> replyTo) {
    sessions.tell(session, new SessionCommand.Hush(silence, replyTo));
  }

  @Override
  public void register(String person, Sanctions sanctions, ActorRef<Register.Entered> replyTo) {
    registers.tell(Register.ID, new Register.Enter(person, sanctions, replyTo));
  }

  /// Takes a direct message to where its recipient's mailbox is known.
  void post(Posting posting, long number, ActorRef<Verdict> replyTo) {
    switch (posting.to()) {
      case Address.Person person ->
          users.tell(person.id(), new MailCommand.Accept(posting, number, replyTo));
      case Address.Session session ->
          sessions.tell(session.id(), new SessionCommand.Post(posting, number, replyTo));
    }
  }
}
