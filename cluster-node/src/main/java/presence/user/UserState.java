package presence.user;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;
import presence.cluster.Remote;

/// A person: their sessions, when they were last seen, and their mail. Immutable.
///
/// @param sessions the last word of each session; one that ended is kept for a while, without a
///   doing, so that an older word that comes late is known as such
/// @param lastSeen when the last session ended; 0 = never
/// @param sanctions what operators decided
/// @param evicted sessions that were told to end and have not said that they did
record UserState(
    PMap<String, Word> sessions,
    boolean exists,
    long lastSeen,
    Sanctions sanctions,
    PMap<String, Eviction> evicted,
    Mailbox mail) {

  /// A session's word at its step `n`.
  record Word(long n, @Nullable Doing doing, long at) implements Remote {}

  /// Why a session is to end.
  ///
  /// @param n the newest step known of it then
  record Eviction(long n, boolean banned) implements Remote {}

  static final UserState EMPTY =
      new UserState(
          HashTreePMap.empty(), false, 0, Sanctions.NONE, HashTreePMap.empty(), Mailbox.EMPTY);

  long stepOf(String session) {
    Word word = sessions.get(session);
    return word == null ? 0 : word.n();
  }

  boolean has(String session) {
    Word word = sessions.get(session);
    return word != null && word.doing() != null;
  }

  /// The ids of the sessions that are live or in grace.
  List<String> live() {
    List<String> live = new ArrayList<>();
    sessions.forEach((session, word) -> {
      if (word.doing() != null) {
        live.add(session);
      }
    });
    return live;
  }

  boolean isBanned(long now) {
    return sanctions.isBanned(now);
  }

  /// The state after an event; words of sessions that ended before `forget` are dropped.
  UserState apply(UserEvent event, long forgetAfterMillis) {
    return switch (event) {
      case UserEvent.Banned banned -> banned(banned);
      case UserEvent.Pardoned pardoned -> with(sanctions.at(pardoned.at()).banned(null));
      case UserEvent.Muted muted ->
          with(
              sanctions
                  .at(muted.at())
                  .muted(muted.where(), new Sentence(muted.until(), muted.reason(), muted.at())));
      case UserEvent.Unmuted unmuted ->
          with(sanctions.at(unmuted.at()).muted(unmuted.where(), null));
      case UserEvent.Told told -> told(told).forget(told.at() - forgetAfterMillis);
      case UserEvent.Mailed mailed -> with(mail.apply(mailed.event(), live()));
    };
  }

  /// Every session is to end. A kick lifts no ban; a ban, however short, replaces the one before.
  private UserState banned(UserEvent.Banned event) {
    boolean kick = event.until() == 0;
    PMap<String, Eviction> more = evicted;
    for (String session : live()) {
      more = more.plus(session, new Eviction(stepOf(session), !kick));
    }
    Sentence ban = new Sentence(event.until(), event.reason(), event.at());
    Sanctions next = kick ? sanctions : sanctions.at(event.at()).banned(ban);
    return new UserState(sessions, exists, lastSeen, next, more, mail);
  }

  private UserState told(UserEvent.Told told) {
    String session = told.session();
    if (told.n() <= stepOf(session)) {
      return this;
    }
    boolean ended = told.doing() == null;
    boolean came = !ended && !has(session);
    UserState next =
        new UserState(
            sessions.plus(session, new Word(told.n(), told.doing(), told.at())),
            true,
            ended ? told.at() : lastSeen,
            sanctions,
            evictedAfter(told),
            mail);
    return came ? next.with(mail.came(session)) : ended ? next.with(mail.ended(session)) : next;
  }

  /// A session that ended is evicted no longer; one that slipped through a ban is.
  private PMap<String, Eviction> evictedAfter(UserEvent.Told told) {
    if (told.doing() == null) {
      return evicted.minus(told.session());
    }
    return isBanned(told.at())
        ? evicted.plus(told.session(), new Eviction(told.n(), true))
        : evicted;
  }

  private UserState with(Mailbox box) {
    return new UserState(sessions, exists, lastSeen, sanctions, evicted, box);
  }

  private UserState with(Sanctions decided) {
    return new UserState(sessions, exists, lastSeen, decided, evicted, mail);
  }

  private UserState forget(long before) {
    List<String> old = new ArrayList<>();
    sessions.forEach((session, word) -> {
      if (word.doing() == null && word.at() < before) {
        old.add(session);
      }
    });
    return old.isEmpty()
        ? this
        : new UserState(sessions.minusAll(old), exists, lastSeen, sanctions, evicted, mail);
  }

  /// How others see the person now.
  User.Seen seen(String person) {
    Word newest = null;
    TreeSet<String> here = new TreeSet<>();
    for (Word word : sessions.values()) {
      if (word.doing() != null) {
        here.addAll(word.doing().here());
        newest = newest == null || word.at() >= newest.at() ? word : newest;
      }
    }
    Doing doing = newest == null ? null : newest.doing();
    return new User.Seen(
        person,
        doing == null ? null : doing.name(),
        exists,
        doing != null,
        List.copyOf(here),
        doing == null ? null : doing.location(),
        doing == null && lastSeen > 0 ? lastSeen : null);
  }

  /// The state as it is written to the journal.
  ///
  /// @param bannedUntil all that earlier versions know of the sanctions
  record Snapshot(
      Map<String, Word> sessions,
      boolean exists,
      long lastSeen,
      long bannedUntil,
      @Nullable Map<String, Eviction> evicted,
      @Nullable Mailbox mail,
      @Nullable Sanctions sanctions)
      implements Remote {
    UserState state() {
      return new UserState(
          HashTreePMap.from(sessions),
          exists,
          lastSeen,
          Objects.requireNonNullElseGet(sanctions, this::onlyABan),
          evicted == null ? HashTreePMap.empty() : HashTreePMap.from(evicted),
          mail == null ? Mailbox.EMPTY : mail);
    }

    private Sanctions onlyABan() {
      return bannedUntil == 0
          ? Sanctions.NONE
          : Sanctions.NONE.banned(new Sentence(bannedUntil, null, 0));
    }
  }

  Snapshot snapshot() {
    Sentence ban = sanctions.ban();
    long bannedUntil = ban == null ? 0 : ban.until();
    return new Snapshot(sessions, exists, lastSeen, bannedUntil, evicted, mail, sanctions);
  }
}
