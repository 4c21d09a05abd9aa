package presence.session;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.persistence.typed.javadsl.Effect;
import org.jspecify.annotations.Nullable;
import presence.protocol.ErrorCode;
import presence.session.Notice.Done;
import presence.session.SessionCommand.Order;
import presence.session.SessionState.Open;
import presence.user.Address;
import presence.user.Delivery;
import presence.user.Item;
import presence.user.MailCommand;
import presence.user.MailEvent;
import presence.user.Mailbox;
import presence.user.Mailer;
import presence.user.Verdict;

/// The direct messages a session gets. Those of a person are in the person's mailbox: the session
/// hands what is pushed to its connection, asks for what is there when a connection comes, and
/// passes on what the client acknowledges. An anonymous session has a mailbox of its own, and keeps
/// it, for what is in it, when it becomes a person's. Part of [UserSession].
final class Inbox {
  private final String session;
  private final SessionSurroundings around;
  private final UserSession steps;
  private final Holder holder;
  private final Reminders reminders;
  private final ActorRef<MailCommand.Acknowledged> settled;
  private final Mailer mailer;
  private final Map<Long, Order> acknowledging = new HashMap<>();
  private long lastAcknowledging;
  private @Nullable ActorRef<Notice> served;

  /// The number of the question that waits for its answer; 0 = none. It is taken from the clock, so
  /// that it is new after a restart, too.
  private long collecting;

  /// The number of the last question, answered or not.
  private long lastCollecting;

  Inbox(
      String session,
      SessionSurroundings around,
      UserSession steps,
      Holder holder,
      Reminders reminders,
      Ears ears) {
    this.session = session;
    this.around = around;
    this.steps = steps;
    this.holder = holder;
    this.reminders = reminders;
    this.settled = ears.settled();
    this.mailer =
        new Mailer(
            around.limits().mail(),
            new Mailer.Post() {
              @Override
              public void push(String self, List<Delivery> deliveries) {
                holder.tell(new Notice.Mail(deliveries));
              }

              @Override
              public void inform(Address sender, List<Item.Outcome> outcomes) {
                around.doors().inform(sender, outcomes, ears.informed());
              }
            });
  }

  /// What other mailboxes answer to.
  record Ears(
      ActorRef<MailCommand.Acknowledged> settled, ActorRef<MailCommand.Informed> informed) {}

  Effect<SessionEvent, SessionState> take(Open state, SessionCommand.Postal command) {
    return switch (command) {
      case SessionCommand.Post post -> onPost(state, post);
      case SessionCommand.Push push -> onPush(state, push);
      case SessionCommand.Inform inform -> onInform(state, inform);
      case SessionCommand.Settled done -> onSettled(done.acknowledged().number());
      case SessionCommand.SenderKnows knows ->
          persist(state, state.mail().report(knows.informed().ids(), now()), () -> {});
    };
  }

  /// A message for this session goes to its person's mailbox, unless its own has it already.
  private Effect<SessionEvent, SessionState> onPost(Open state, SessionCommand.Post post) {
    Mailbox.Ruling ruling = state.mail().rule(post.posting(), now(), around.limits().mail());
    if (ruling instanceof Mailbox.Ruling.Take && state.lease().isOver()) {
      return refuse(post, ErrorCode.UNKNOWN_RECIPIENT);
    }
    String person = state.principal().person().orElse(null);
    return switch (ruling) {
      case Mailbox.Ruling.Repeated repeated -> {
        post.replyTo().tell(new Verdict.Taken(post.number(), repeated.id()));
        yield steps.Effect().none();
      }
      case Mailbox.Ruling.Refused refused -> refuse(post, refused.code());
      case Mailbox.Ruling.Take take when person == null ->
          persist(
              state,
              take.event(),
              () -> post.replyTo().tell(new Verdict.Taken(post.number(), take.event().id())));
      case Mailbox.Ruling.Take take -> {
        around
            .doors()
            .users()
            .tell(
                String.valueOf(person),
                new MailCommand.Accept(post.posting(), post.number(), post.replyTo()));
        yield steps.Effect().none();
      }
    };
  }

  private Effect<SessionEvent, SessionState> refuse(SessionCommand.Post post, ErrorCode code) {
    post.replyTo().tell(new Verdict.Refused(post.number(), code));
    return steps.Effect().none();
  }

  /// What is pushed before the answer to the session's question waits in the mailbox for its turn:
  /// older items come first.
  private Effect<SessionEvent, SessionState> onPush(Open state, SessionCommand.Push push) {
    if (push.collected() == collecting) {
      collecting = 0;
    }
    if (!push.deliveries().isEmpty()) {
      if (collecting == 0 && holder.isOf(state.lease())) {
        holder.tell(new Notice.Mail(push.deliveries()));
      } else {
        tellPerson(state, new MailCommand.Away(session, push.deliveries()));
      }
    }
    return steps.Effect().none();
  }

  private Effect<SessionEvent, SessionState> onInform(Open state, SessionCommand.Inform inform) {
    return persist(
        state,
        state.lease().isOver()
            ? null
            : state.mail().news(inform.outcomes(), now(), around.limits().mail()),
        () -> inform.replyTo().tell(MailCommand.Informed.of(inform.outcomes())));
  }

  /// The client has these: its mailboxes are told, and then the order is done.
  Effect<SessionEvent, SessionState> acknowledge(Open state, Order order, List<String> ids) {
    return persist(
        state,
        state.mail().acknowledgement(session, ids, now()),
        () -> {
          if (state.principal().person().isEmpty()) {
            order.connection().tell(new Done(order.number(), null));
            return;
          }
          acknowledging.values().removeIf(each -> isSame(each, order));
          acknowledging.put(++lastAcknowledging, order);
          tellPerson(state, new MailCommand.Acknowledge(session, ids, lastAcknowledging, settled));
        });
  }

  /// Whether it is the same order, or one of a connection that nobody listens to any more.
  private boolean isSame(Order one, Order other) {
    return one.number() == other.number() || !one.connection().equals(other.connection());
  }

  private Effect<SessionEvent, SessionState> onSettled(long number) {
    Order order = acknowledging.remove(number);
    if (order != null) {
      order.connection().tell(new Done(order.number(), null));
    }
    return steps.Effect().none();
  }

  private Effect<SessionEvent, SessionState> persist(
      Open before, @Nullable MailEvent event, Runnable answer) {
    if (event == null) {
      answer.run();
      return steps.Effect().none();
    }
    return steps.persist(
        new SessionEvent.Mailed(session, event),
        now -> {
          around.meters().mail().happened(session, event, before.mail(), now.mail());
          answer.run();
        });
  }

  /// A connection has the session; if it is another one than before, it gets what waits.
  void serves(Open state, ActorRef<Notice> connection) {
    if (!connection.equals(served)) {
      collect(state, connection);
    }
  }

  /// The connection gets everything its client has not acknowledged.
  private void collect(Open state, ActorRef<Notice> connection) {
    served = connection;
    List<Delivery> own = mailer.collect(session, state.mail(), now());
    if (!own.isEmpty()) {
      holder.tell(new Notice.Mail(own));
    }
    if (state.principal().person().isPresent()) {
      collecting = lastCollecting = Math.max(lastCollecting + 1, now());
      repeat(state);
      reminders.repeatLater();
    }
    run(state);
  }

  /// The connection is gone; what is pushed from now on waits for the next.
  void lost() {
    served = null;
    collecting = 0;
  }

  /// Asks once more, if there was no answer.
  void repeat(Open state) {
    if (collecting != 0) {
      tellPerson(state, new MailCommand.Collect(session, collecting));
    }
  }

  private void tellPerson(Open state, MailCommand command) {
    state.principal().person().ifPresent(person -> around.doors().users().tell(person, command));
  }

  /// Whether the person's mailbox has answered.
  boolean isSettled() {
    return collecting == 0;
  }

  void recovered(Open state) {
    around.meters().mail().recovered(session, state.mail());
    mailer.recovered(state.mail());
  }

  /// Sends what its own mailbox has to send, and asks to be woken for what is due next.
  void run(Open state) {
    if (state.mail().isIdle()) {
      return;
    }
    if (holder.isOf(state.lease())) {
      mailer.run(state.mail(), now());
    } else {
      mailer.report(state.mail(), now());
    }
    reminders.mailAt(mailer.nextAt(state.mail(), now()));
  }

  /// What has waited too long in its own mailbox expires.
  Effect<SessionEvent, SessionState> expire(Open state) {
    MailEvent expiry = state.mail().expiry(now(), around.limits().mail());
    if (expiry == null) {
      run(state);
    }
    return persist(state, expiry, () -> {});
  }

  private long now() {
    return around.clock().millis();
  }
}
