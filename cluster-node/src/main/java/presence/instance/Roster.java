package presence.instance;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.pcollections.HashTreePMap;
import org.pcollections.HashTreePSet;
import org.pcollections.PMap;
import org.pcollections.PSet;
import presence.protocol.Counts;
import presence.protocol.Member;

/// Who is in an instance: sessions, and the persons they add up to. Immutable.
///
/// A person is online while one of their sessions has a seat, and here while one of these is
/// viewing; so here is a subset of online by construction. Every count is the size of a set.
final class Roster {
  /// A person and which of the seats are theirs.
  private record Person(Member member, PSet<String> sessions, PSet<String> viewing) {}

  /// The last word of a session that left, kept so that an older one that comes late is known as
  /// such.
  record Departed(long n, long at) {}

  static final Roster EMPTY =
      new Roster(
          HashTreePMap.empty(),
          HashTreePMap.empty(),
          HashTreePMap.empty(),
          HashTreePSet.empty(),
          HashTreePSet.empty(),
          HashTreePMap.empty());

  private final PMap<String, Seat> seats;
  private final PMap<String, Person> people;
  private final PMap<String, Member> online;
  private final PSet<String> here;
  private final PSet<String> anonymous;
  private final PMap<String, Departed> departed;

  private Roster(
      PMap<String, Seat> seats,
      PMap<String, Person> people,
      PMap<String, Member> online,
      PSet<String> here,
      PSet<String> anonymous,
      PMap<String, Departed> departed) {
    this.seats = seats;
    this.people = people;
    this.online = online;
    this.here = here;
    this.anonymous = anonymous;
    this.departed = departed;
  }

  /// The roster that these seats and these departures make up.
  ///
  /// @param online as whom each person is shown
  static Roster of(
      Collection<Seat> seats, Collection<Member> online, Map<String, Departed> departed) {
    Roster roster =
        new Roster(
            EMPTY.seats,
            EMPTY.people,
            EMPTY.online,
            EMPTY.here,
            EMPTY.anonymous,
            HashTreePMap.from(departed));
    for (Seat seat : seats) {
      roster = roster.seat(seat, 0);
    }
    for (Member member : online) {
      roster = roster.showing(member);
    }
    return roster;
  }

  /// The highest step this roster holds of the session; 0 when it never heard of it.
  long stepOf(String session) {
    Seat seat = seats.get(session);
    if (seat != null) {
      return seat.n();
    }
    Departed left = departed.get(session);
    return left == null ? 0 : left.n();
  }

  boolean has(String session) {
    return seats.containsKey(session);
  }

  /// The roster after a session's word; itself when it already holds a later or the same one.
  ///
  /// @param at milliseconds since 1970, noted for who leaves
  Roster seat(Seat word, long at) {
    if (word.n() <= stepOf(word.session())) {
      return this;
    }
    Seat before = seats.get(word.session());
    Roster without = without(word.session());
    Standing standing = word.standing();
    return standing == null
        ? without.departing(word.session(), new Departed(word.n(), at))
        : without.seated(word, standing, says(before, standing));
  }

  /// The same roster without memory of who left before `at`.
  Roster forgetDeparted(long at) {
    List<String> old = new ArrayList<>();
    departed.forEach((session, left) -> {
      if (left.at() < at) {
        old.add(session);
      }
    });
    return old.isEmpty()
        ? this
        : new Roster(seats, people, online, here, anonymous, departed.minusAll(old));
  }

  /// Whether the session shows its person in a new way. Only then is the person shown anew: two
  /// sessions of one person under two names must not rename them with every word.
  private static boolean says(@Nullable Seat before, Standing standing) {
    return before == null
        || before.standing() == null
        || !Objects.equals(before.standing().person(), standing.person());
  }

  private Roster showing(Member member) {
    Person person = people.get(member.id());
    return person == null
        ? this
        : new Roster(
            seats,
            people.plus(member.id(), new Person(member, person.sessions, person.viewing)),
            online.plus(member.id(), member),
            here,
            anonymous,
            departed);
  }

  private Roster departing(String session, Departed left) {
    return new Roster(seats, people, online, here, anonymous, departed.plus(session, left));
  }

  private Roster seated(Seat word, Standing standing, boolean shownAnew) {
    Member said = standing.person();
    PMap<String, Seat> nowSeats = seats.plus(word.session(), word);
    PMap<String, Departed> nowDeparted = departed.minus(word.session());
    if (said == null) {
      return new Roster(
          nowSeats, people, online, here, anonymous.plus(word.session()), nowDeparted);
    }
    Person before = people.get(said.id());
    Member member = before == null || shownAnew ? said : before.member;
    PSet<String> sessions = before == null ? HashTreePSet.empty() : before.sessions;
    PSet<String> viewing = before == null ? HashTreePSet.empty() : before.viewing;
    if (standing.viewing()) {
      viewing = viewing.plus(word.session());
    }
    Person now = new Person(member, sessions.plus(word.session()), viewing);
    return new Roster(
        nowSeats,
        people.plus(member.id(), now),
        online.plus(member.id(), member),
        viewing.isEmpty() ? here : here.plus(member.id()),
        anonymous,
        nowDeparted);
  }

  private Roster without(String session) {
    Seat seat = seats.get(session);
    if (seat == null) {
      return this;
    }
    PMap<String, Seat> nowSeats = seats.minus(session);
    Standing standing = seat.standing();
    Member member = standing == null ? null : standing.person();
    Person person = member == null ? null : people.get(member.id());
    if (member == null || person == null) {
      return new Roster(nowSeats, people, online, here, anonymous.minus(session), departed);
    }
    String id = member.id();
    PSet<String> sessions = person.sessions.minus(session);
    PSet<String> viewing = person.viewing.minus(session);
    boolean stays = !sessions.isEmpty();
    return new Roster(
        nowSeats,
        stays ? people.plus(id, new Person(person.member, sessions, viewing)) : people.minus(id),
        stays ? online : online.minus(id),
        viewing.isEmpty() ? here.minus(id) : here,
        anonymous,
        departed);
  }

  /// Everyone online, by id.
  PMap<String, Member> online() {
    return online;
  }

  /// The ids of who is here.
  PSet<String> here() {
    return here;
  }

  Fingerprint.Sets sets() {
    return new Fingerprint.Sets(online, here);
  }

  /// Every session's seat.
  Collection<Seat> seats() {
    return seats.values();
  }

  Map<String, Departed> departed() {
    return departed;
  }

  /// The person whose session this is, if it has a seat and an identity.
  @Nullable String personOf(String session) {
    Seat seat = seats.get(session);
    Standing standing = seat == null ? null : seat.standing();
    Member member = standing == null ? null : standing.person();
    return member == null ? null : member.id();
  }

  Counts counts() {
    return new Counts(online.size(), here.size(), seats.size(), anonymous.size());
  }

  boolean isEmpty() {
    return seats.isEmpty();
  }
}
