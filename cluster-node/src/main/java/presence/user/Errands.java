package presence.user;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What a person does unasked: ends sessions, and what sanctions and mail need. Part of [User],
/// which it asks to be called again when something is due.
final class Errands {
  private final UserSurroundings around;
  private final UserMail mail;
  private final UserSanctions sanctions;
  private final Consumer<@Nullable Duration> alarm;
  private Turns<String> evictions = Turns.none();

  /// @param alarm is told when to run next; nothing = never
  Errands(
      UserSurroundings around,
      UserMail mail,
      UserSanctions sanctions,
      Consumer<@Nullable Duration> alarm) {
    this.around = around;
    this.mail = mail;
    this.sanctions = sanctions;
    this.alarm = alarm;
  }

  /// The state was read from the journal: whatever was done before may have been in vain.
  void recovered(UserState state) {
    evictions = Turns.none();
    sanctions.recovered();
    mail.recovered(state);
    run(state);
  }

  /// Does what is due.
  void run(UserState state) {
    long now = around.clock().millis();
    evict(state, now);
    long known = Math.min(sanctions.run(state, now), evictions.nextAt());
    long next = Math.min(mail.run(state, now), known);
    alarm.accept(next == Turns.NEVER ? null : Duration.ofMillis(Math.max(0, next - now)));
  }

  /// A session is told to end until it has said that it did.
  private void evict(UserState state, long now) {
    evictions = evictions.only(state.evicted().keySet());
    List<String> due = evictions.due(state.evicted().keySet(), now);
    evictions = evictions.done(due, now, around.limits().repeats());
    for (String session : due) {
      UserState.Eviction eviction = state.evicted().get(session);
      if (eviction != null) {
        around.ways().evict(session, eviction.n(), eviction.banned());
      }
    }
  }
}
