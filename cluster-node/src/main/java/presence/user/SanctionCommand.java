package presence.user;

import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;
import presence.cluster.Remote;
import presence.cluster.ToItself;

/// What operators decide about where a person may be and speak, and what follows of it. Doing one
/// twice is doing it once.
public sealed interface SanctionCommand extends User.Command {

  /// The person may be here again. What ended by the ban stays ended.
  record Pardon(ActorRef<Decided> replyTo) implements SanctionCommand {}

  /// The person may not speak.
  ///
  /// @param where an instance, or [Sanctions#EVERYWHERE]
  /// @param until milliseconds since 1970
  record Mute(String where, long until, @Nullable String reason, ActorRef<Decided> replyTo)
      implements SanctionCommand {}

  /// The person may speak again there; a mute elsewhere stays.
  record Unmute(String where, ActorRef<Decided> replyTo) implements SanctionCommand {}

  /// What is in force?
  record Inquire(ActorRef<Sanctions> replyTo) implements SanctionCommand {}

  /// A session has heard where its person must be silent.
  record SessionHeard(Silence.Heard heard) implements SanctionCommand, ToItself {}

  /// The register has what is in force.
  record RegisterHas(Register.Entered entered) implements SanctionCommand, ToItself {}

  /// The answer to a decision, which is durable now.
  ///
  /// @param tooMany whether it was refused, because the person has as many mutes as one may
  record Decided(String person, boolean tooMany) implements Remote {}
}
