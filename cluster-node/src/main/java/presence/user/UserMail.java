package presence.user;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.persistence.typed.javadsl.Effect;
import org.jspecify.annotations.Nullable;
import presence.protocol.ErrorCode;
import presence.user.MailCommand.Acknowledged;
import presence.user.MailCommand.Informed;

/// The mailbox of a person, as its entity serves it: what changes it is persisted, then answered.
/// Part of [User].
final class UserMail {
  private final User steps;
  private final UserSurroundings around;
  private final String person;
  private final Mailer mailer;

  /// The last question of each session.
  private final Map<String, Long> collections = new HashMap<>(0);

  UserMail(String person, User steps, UserSurroundings around, ActorRef<Informed> replies) {
    this.person = person;
    this.steps = steps;
    this.around = around;
    this.mailer =
        new Mailer(
            around.limits().mail(),
            new Mailer.Post() {
              @Override
              public void push(String session, List<Delivery> deliveries) {
                around.ways().push(session, deliveries, 0);
              }

              @Override
              public void inform(Address sender, List<Item.Outcome> outcomes) {
                around.ways().inform(sender, outcomes, replies);
              }
            });
  }

  Effect<UserEvent, UserState> take(UserState state, MailCommand command) {
    return switch (command) {
      case MailCommand.Accept accept -> onAccept(state, accept);
      case MailCommand.Acknowledge acknowledge -> onAcknowledge(state, acknowledge);
      case MailCommand.Collect collect -> {
        around.ways().push(collect.session(), collected(state, collect), collect.number());
        yield steps.nothing(state);
      }
      case MailCommand.Away away -> {
        mailer.returned(away.session(), away.deliveries());
        yield steps.nothing(state);
      }
      case MailCommand.Inform inform -> onInform(state, inform);
      case MailCommand.SenderKnows knows -> onSenderKnows(state, knows.informed());
    };
  }

  /// A question that was repeated while nobody could answer it arrives several times at once: what
  /// it was given already is on its way, or is pushed again like everything that gets lost.
  private List<Delivery> collected(UserState state, MailCommand.Collect collect) {
    collections.keySet().removeIf(session -> !state.has(session));
    Long before = collections.put(collect.session(), collect.number());
    return before != null && before == collect.number()
        ? mailer.due(collect.session(), state.mail(), now())
        : mailer.collect(collect.session(), state.mail(), now());
  }

  private Effect<UserEvent, UserState> onAccept(UserState state, MailCommand.Accept accept) {
    long number = accept.number();
    if (!state.exists()) {
      accept.replyTo().tell(new Verdict.Refused(number, ErrorCode.UNKNOWN_RECIPIENT));
      return steps.nothing(state);
    }
    return switch (state.mail().rule(accept.posting(), now(), around.limits().mail())) {
      case Mailbox.Ruling.Repeated repeated -> {
        accept.replyTo().tell(new Verdict.Taken(number, repeated.id()));
        yield steps.nothing(state);
      }
      case Mailbox.Ruling.Refused refused -> {
        accept.replyTo().tell(new Verdict.Refused(number, refused.code()));
        yield steps.nothing(state);
      }
      case Mailbox.Ruling.Take take ->
          persist(
              state,
              take.event(),
              () -> accept.replyTo().tell(new Verdict.Taken(number, take.event().id())));
    };
  }

  private Effect<UserEvent, UserState> onAcknowledge(
      UserState state, MailCommand.Acknowledge acknowledge) {
    return persist(
        state,
        state.mail().acknowledgement(acknowledge.session(), acknowledge.ids(), now()),
        () -> acknowledge.replyTo().tell(new Acknowledged(acknowledge.number())));
  }

  private Effect<UserEvent, UserState> onInform(UserState state, MailCommand.Inform inform) {
    return persist(
        state,
        state.mail().news(inform.outcomes(), now(), around.limits().mail()),
        () -> inform.replyTo().tell(Informed.of(inform.outcomes())));
  }

  private Effect<UserEvent, UserState> onSenderKnows(UserState state, Informed informed) {
    return persist(state, state.mail().report(informed.ids(), now()), () -> {});
  }

  /// What has waited too long expires.
  Effect<UserEvent, UserState> expire(UserState state) {
    return persist(state, state.mail().expiry(now(), around.limits().mail()), () -> {});
  }

  /// Persists what changes the mailbox, if anything does; then it is answered.
  private Effect<UserEvent, UserState> persist(
      UserState state, @Nullable MailEvent event, Runnable answer) {
    if (event == null) {
      answer.run();
      return steps.nothing(state);
    }
    return steps.persist(
        new UserEvent.Mailed(event),
        now -> {
          around.meter().happened(person, event, state.mail(), now.mail());
          answer.run();
        });
  }

  void recovered(UserState state) {
    around.meter().recovered(person, state.mail());
    mailer.recovered(state.mail());
  }

  void came(String session, UserState state) {
    mailer.came(session, state.mail(), now());
  }

  /// Sends what is due.
  ///
  /// @return when something is due next
  long run(UserState state, long now) {
    mailer.run(state.mail(), now);
    return mailer.nextAt(state.mail(), now);
  }

  private long now() {
    return around.clock().millis();
  }
}
