package presence.instance;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import presence.cluster.Remote;
import presence.protocol.Member;
import presence.protocol.Position;
import presence.protocol.ServerMessage;

/// What an instance knows: its roster, how far its stream is, and the newest of what it told.
/// Immutable; set(seq) = fold(changes up to seq).
///
/// @param print of the roster, kept step by step
public record InstanceState(
    String name, Position at, Roster roster, Fingerprint print, Changes changes, Talk talk) {

  public static InstanceState empty(String name) {
    return new InstanceState(
        name, Position.NOWHERE, Roster.EMPTY, Fingerprint.EMPTY, Changes.NONE, Talk.NONE);
  }

  /// Whether anything ever happened here.
  boolean exists() {
    return at.epoch() != 0;
  }

  /// The event that tells these words and speeches, at this time.
  public Flushed flush(List<Seat> seats, List<Flushed.Speech> speeches, long now) {
    boolean visible =
        delta(roster, seated(seats, now), seats, exists() ? at : new Position(now, 0)).isPresent();
    return new Flushed(now, at.seq() + (visible ? 1 : 0) + speeches.size(), seats, speeches);
  }

  /// The state after a flush.
  ///
  /// @throws IllegalStateException when the event does not lead to the seq it names
  public InstanceState apply(Flushed event, InstanceLimits limits) {
    Position start = exists() ? at : new Position(event.at(), 0);
    Roster now = seated(event.seats(), event.at());
    Changes nowChanges = changes;
    Talk nowTalk = talk;
    long seq = start.seq();
    Optional<ServerMessage.Delta> delta = delta(roster, now, event.seats(), start);
    if (delta.isPresent()) {
      seq++;
      nowChanges = nowChanges.plus(new Change.People(delta.get(), event.at()));
    }
    for (Flushed.Speech speech : event.speeches()) {
      seq++;
      Change.Message message = message(speech, new Position(start.epoch(), seq), event.at());
      nowChanges = nowChanges.plus(message);
      nowTalk = nowTalk.plus(message);
    }
    if (seq != event.seq()) {
      throw new IllegalStateException(
          "instance %s: the event leads to seq %d and says %d".formatted(name, seq, event.seq()));
    }
    long oldest = event.at() - limits.ringAge().toMillis();
    return new InstanceState(
        name,
        new Position(start.epoch(), seq),
        now.forgetDeparted(event.at() - limits.departedAge().toMillis()),
        print.moved(touched(roster, now, event.seats()), roster.sets(), now.sets()),
        nowChanges.trim(limits.ringSize(), oldest),
        nowTalk.trim(limits.historySize(), oldest));
  }

  private Roster seated(List<Seat> seats, long at) {
    Roster now = roster;
    for (Seat seat : seats) {
      now = now.seat(seat, at);
    }
    return now;
  }

  private Change.Message message(Flushed.Speech speech, Position position, long at) {
    String id =
        Long.toString(position.epoch(), Character.MAX_RADIX)
            + '-'
            + Long.toString(position.seq(), Character.MAX_RADIX);
    return new Change.Message(
        speech.session(),
        new ServerMessage.Said(
            name,
            position.epoch(),
            position.seq(),
            id,
            speech.from(),
            speech.text(),
            at,
            speech.clientMessageId(),
            null));
  }

  /// What is different for who watches; empty when neither the sets nor the counts are.
  private Optional<ServerMessage.Delta> delta(
      Roster before, Roster after, List<Seat> seats, Position from) {
    List<Member> joined = new ArrayList<>();
    List<String> left = new ArrayList<>();
    List<String> here = new ArrayList<>();
    List<String> away = new ArrayList<>();
    List<Member> renamed = new ArrayList<>();
    for (String id : touched(before, after, seats)) {
      Member was = before.online().get(id);
      Member is = after.online().get(id);
      if (is == null) {
        if (was != null) {
          left.add(id);
        }
        continue;
      }
      if (was == null) {
        joined.add(is);
      } else if (!was.equals(is)) {
        renamed.add(is);
      }
      boolean isHere = after.here().contains(id);
      if (isHere != before.here().contains(id)) {
        (isHere ? here : away).add(id);
      }
    }
    boolean same =
        joined.isEmpty() && left.isEmpty() && here.isEmpty() && away.isEmpty() && renamed.isEmpty();
    return same && before.counts().equals(after.counts())
        ? Optional.empty()
        : Optional.of(
            new ServerMessage.Delta(
                name,
                from.epoch(),
                from.seq(),
                from.seq() + 1,
                joined,
                left,
                here,
                away,
                renamed,
                after.counts(),
                null));
  }

  private static Set<String> touched(Roster before, Roster after, List<Seat> seats) {
    Set<String> persons = new LinkedHashSet<>();
    for (Seat seat : seats) {
      addIfPresent(persons, before.personOf(seat.session()));
      addIfPresent(persons, after.personOf(seat.session()));
    }
    return persons;
  }

  private static void addIfPresent(Set<String> persons, @Nullable String person) {
    if (person != null) {
      persons.add(person);
    }
  }

  /// The state as it is written to the journal.
  Snapshot snapshot() {
    return new Snapshot(
        name,
        at,
        List.copyOf(roster.seats()),
        List.copyOf(roster.online().values()),
        roster.departed(),
        changes.all(),
        talk.all());
  }

  /// A state in plain lists.
  ///
  /// @param online as whom each person is shown, which their seats alone do not tell
  record Snapshot(
      String name,
      Position at,
      List<Seat> seats,
      List<Member> online,
      Map<String, Roster.Departed> departed,
      List<Change> changes,
      List<Change.Message> talk)
      implements Remote {
    InstanceState state() {
      Roster roster = Roster.of(seats, online, departed);
      return new InstanceState(
          name, at, roster, Fingerprint.of(roster.sets()), Changes.of(changes), Talk.of(talk));
    }
  }
}
