package presence.user;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.persistence.typed.javadsl.Effect;
import presence.user.SanctionCommand.Decided;

/// What operators decided about a person, as the person's entity keeps it: a decision is persisted,
/// then answered, and then told to every session and to the register until they acknowledge it.
/// Part of [User].
///
/// What was acknowledged is not written down: after a restart everybody is told again.
final class UserSanctions {
  private static final String REGISTER = ""; // among the ids of sessions

  private final String person;
  private final User steps;
  private final UserSurroundings around;
  private final ActorRef<Silence.Heard> sessions;
  private final ActorRef<Register.Entered> register;
  private final Map<String, Long> heard = new HashMap<>();
  private Turns<String> turns = Turns.none();
  private long toldUpTo;

  UserSanctions(
      String person,
      User steps,
      UserSurroundings around,
      ActorRef<Silence.Heard> sessions,
      ActorRef<Register.Entered> register) {
    this.person = person;
    this.steps = steps;
    this.around = around;
    this.sessions = sessions;
    this.register = register;
  }

  /// A ban, or a kick.
  Effect<UserEvent, UserState> ban(UserState state, User.Ban ban) {
    User.Receipt done = new User.Receipt(person, 0);
    long now = now();
    if (ban.until() > now
        && state.sanctions().hasBan(new Sentence(ban.until(), ban.reason(), now))) {
      ban.replyTo().tell(done);
      return steps.nothing(state);
    }
    return steps.persist(
        new UserEvent.Banned(ban.until(), now, ban.reason()), _ -> ban.replyTo().tell(done));
  }

  Effect<UserEvent, UserState> take(UserState state, SanctionCommand command) {
    return switch (command) {
      case SanctionCommand.Pardon pardon ->
          decide(
              state,
              state.sanctions().ban() != null,
              new UserEvent.Pardoned(now()),
              pardon.replyTo());
      case SanctionCommand.Mute mute -> onMute(state, mute);
      case SanctionCommand.Unmute unmute ->
          decide(
              state,
              state.sanctions().mutes().containsKey(unmute.where()),
              new UserEvent.Unmuted(unmute.where(), now()),
              unmute.replyTo());
      case SanctionCommand.Inquire inquire -> {
        inquire.replyTo().tell(state.sanctions().at(now()));
        yield steps.nothing(state);
      }
      case SanctionCommand.SessionHeard says -> {
        heard.merge(says.heard().session(), says.heard().n(), Math::max);
        yield steps.nothing(state);
      }
      case SanctionCommand.RegisterHas says -> {
        heard.merge(REGISTER, says.entered().n(), Math::max);
        yield steps.nothing(state);
      }
    };
  }

  private Effect<UserEvent, UserState> onMute(UserState state, SanctionCommand.Mute mute) {
    long now = now();
    Sanctions known = state.sanctions().at(now);
    boolean isNew = !known.mutes().containsKey(mute.where());
    if (isNew && known.mutes().size() >= around.limits().mutes()) {
      mute.replyTo().tell(new Decided(person, true));
      return steps.nothing(state);
    }
    return decide(
        state,
        !known.hasMute(mute.where(), new Sentence(mute.until(), mute.reason(), now)),
        new UserEvent.Muted(mute.where(), mute.until(), now, mute.reason()),
        mute.replyTo());
  }

  private Effect<UserEvent, UserState> decide(
      UserState state, boolean isNews, UserEvent event, ActorRef<Decided> asker) {
    Decided decided = new Decided(person, false);
    if (!isNews) {
      asker.tell(decided);
      return steps.nothing(state);
    }
    return steps.persist(event, _ -> asker.tell(decided));
  }

  /// Who acknowledged what before is unknown.
  void recovered() {
    heard.clear();
    turns = Turns.none();
  }

  /// Tells everybody who has not acknowledged the last decision, if it is their turn.
  ///
  /// @return when somebody is due next
  long run(UserState state, long now) {
    Sanctions sanctions = state.sanctions();
    if (sanctions.n() > toldUpTo) {
      toldUpTo = sanctions.n();
      turns = Turns.none();
    }
    List<String> deaf = deaf(state);
    heard.keySet().removeIf(each -> !each.equals(REGISTER) && !state.has(each));
    turns = turns.only(Set.copyOf(deaf));
    List<String> due = turns.due(deaf, now);
    turns = turns.done(due, now, around.limits().repeats());
    Silence silence = sanctions.silence();
    for (String each : due) {
      if (each.equals(REGISTER)) {
        around.ways().register(person, sanctions, register);
      } else if (silence != null) {
        around.ways().hush(each, silence, sessions);
      }
    }
    return turns.nextAt();
  }

  /// Whether everybody has acknowledged the last decision.
  boolean isSettled(UserState state) {
    return deaf(state).isEmpty();
  }

  private List<String> deaf(UserState state) {
    long n = state.sanctions().n();
    if (n == 0) {
      return List.of();
    }
    List<String> all = state.live();
    all.add(REGISTER);
    all.removeIf(each -> heard.getOrDefault(each, 0L) >= n);
    return all;
  }

  private long now() {
    return around.clock().millis();
  }
}
