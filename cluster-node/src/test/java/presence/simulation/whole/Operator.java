package presence.simulation.whole;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;
import presence.simulation.Host;
import presence.simulation.Inbox;
import presence.simulation.World;
import presence.simulation.whole.Step.Judicial;
import presence.user.SanctionCommand;
import presence.user.Sanctions;
import presence.user.User;

/// Somebody who decides about people, one thing at a time for each: asks until there is an answer,
/// and knows what must be in force by then.
final class Operator {
  /// What the operator knows to be in force for a person, by its ends.
  static final class Known {
    private long bannedUntil;
    private final Map<String, Long> mutes = new TreeMap<>();

    boolean isBanned(long now) {
      return now < bannedUntil;
    }

    boolean isMuted(String instance, long now) {
      return now < mutes.getOrDefault(instance, 0L)
          || now < mutes.getOrDefault(Sanctions.EVERYWHERE, 0L);
    }

    boolean isFree(long now) {
      return !isBanned(now) && mutes.values().stream().allMatch(end -> end <= now);
    }

    long banEnd() {
      return bannedUntil;
    }

    private void hold(Judicial decision, long until) {
      switch (decision) {
        case Step.Ban _ -> bannedUntil = until;
        case Step.Pardon _ -> bannedUntil = 0;
        case Step.Mute mute -> mutes.put(mute.where(), until);
        case Step.Unmute unmute -> mutes.remove(unmute.where());
      }
    }
  }

  private record Case(Judicial decision, long until) {}

  private record Asked(Case about, Inbox<?> answers, long at) {}

  /// Longer than copies of one message arrive apart.
  private static final long BETWEEN_MS = 1_000;

  private final World world;
  private final Host office;
  private final Gateways gateways;
  private final Map<String, Deque<Case>> open = new HashMap<>();
  private final Map<String, Asked> asked = new HashMap<>();
  private final Map<String, Long> answeredAt = new HashMap<>();
  private final Map<String, Known> known = new TreeMap<>();
  private int questions;

  Operator(World world, Gateways gateways) {
    this.world = world;
    this.gateways = gateways;
    this.office = world.outside("office");
  }

  /// Decides something, as soon as what was decided about that person before is answered.
  void decides(Judicial decision) {
    long until =
        switch (decision) {
          case Step.Ban ban -> now() + ban.span().toMillis();
          case Step.Mute mute -> now() + mute.span().toMillis();
          case Step.Pardon _, Step.Unmute _ -> 0;
        };
    open.computeIfAbsent(decision.person(), _ -> new ArrayDeque<>()).add(new Case(decision, until));
    works();
  }

  /// Looks for answers, asks again, and takes up what is next.
  void works() {
    open.forEach((person, cases) -> {
      Asked last = asked.get(person);
      if (last != null && !last.answers().messages().isEmpty()) {
        of(person).hold(last.about().decision(), last.about().until());
        cases.remove(last.about());
        asked.remove(person);
        answeredAt.put(person, now());
        last = null;
      }
      Case next = cases.peek();
      if (next != null && isTurn(person, last)) {
        asked.put(person, ask(next));
      }
    });
  }

  private boolean isTurn(String person, @Nullable Asked last) {
    long since = last == null ? answeredAt.getOrDefault(person, 0L) : last.at();
    return now() - since >= BETWEEN_MS;
  }

  private Asked ask(Case about) {
    Judicial decision = about.decision();
    String person = decision.person();
    long until = about.until();
    return switch (decision) {
      case Step.Ban _ ->
          this.<User.Receipt>ask(
              about, (users, replyTo) -> users.accept(person, new User.Ban(until, null, replyTo)));
      case Step.Pardon _ ->
          this.<SanctionCommand.Decided>ask(
              about, (users, replyTo) -> users.accept(person, new SanctionCommand.Pardon(replyTo)));
      case Step.Mute mute ->
          this.<SanctionCommand.Decided>ask(
              about,
              (users, replyTo) ->
                  users.accept(
                      person, new SanctionCommand.Mute(mute.where(), until, null, replyTo)));
      case Step.Unmute unmute ->
          this.<SanctionCommand.Decided>ask(
              about,
              (users, replyTo) ->
                  users.accept(person, new SanctionCommand.Unmute(unmute.where(), replyTo)));
    };
  }

  private <R> Asked ask(
      Case about, BiConsumer<BiConsumer<String, User.Command>, ActorRef<R>> question) {
    Inbox<R> answers = office.inbox("operator-" + ++questions);
    question.accept(gateways.users(office)::tell, answers.ref());
    return new Asked(about, answers, now());
  }

  /// Whether everything was answered.
  boolean isDone() {
    return open.values().stream().allMatch(Deque::isEmpty);
  }

  Known of(String person) {
    return known.computeIfAbsent(person, _ -> new Known());
  }

  /// Everybody for whom something is in force.
  List<String> listed() {
    List<String> listed = new ArrayList<>();
    known.forEach((person, each) -> {
      if (!each.isFree(now())) {
        listed.add(person);
      }
    });
    return listed;
  }

  Host office() {
    return office;
  }

  private long now() {
    return world.clock().millis();
  }
}
