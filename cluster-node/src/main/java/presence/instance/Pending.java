package presence.instance;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import presence.instance.ChatInstance.Report;
import presence.instance.ChatInstance.Say;

/// What waits for the next flush of an instance: the newest word of each session, and what was
/// said, each in the order in which it came. Nothing of it is acknowledged yet.
final class Pending {

  /// What one flush persists, and whom it must be acknowledged to.
  ///
  /// @param since when the first of it came, in milliseconds since 1970
  record Batch(List<Report> words, List<Say> said, long since) {
    List<Seat> seats() {
      return words.stream().map(Report::seat).toList();
    }

    List<Flushed.Speech> speeches() {
      return said.stream().map(Say::speech).toList();
    }
  }

  private final Map<String, Report> words = new LinkedHashMap<>();
  private final Map<String, Say> said = new LinkedHashMap<>();
  private long since;

  /// Something waits since now, if nothing did before.
  void waitsSince(long now) {
    if (since == 0) {
      since = now;
    }
  }

  void add(Report word) {
    words.merge(
        word.seat().session(), word, (old, now) -> old.seat().n() > now.seat().n() ? old : now);
  }

  /// A repetition changes only who is answered.
  void add(Say say) {
    said.merge(
        say.speech().session() + ' ' + say.speech().clientMessageId(),
        say,
        (first, repeat) -> new Say(first.speech(), repeat.replyTo()));
  }

  boolean isEmpty() {
    return words.isEmpty() && said.isEmpty();
  }

  int size() {
    return words.size() + said.size();
  }

  boolean hasWords() {
    return !words.isEmpty();
  }

  boolean hasWordOf(String session) {
    return words.containsKey(session);
  }

  /// Whether the session's word is that it is there.
  boolean isArriving(String session) {
    Report word = words.get(session);
    return word != null && word.seat().standing() != null;
  }

  /// How many sessions the next flush will add.
  long arriving(Roster roster) {
    return newcomers(roster).count();
  }

  /// How many of these are nobody's.
  long arrivingAnonymous(Roster roster) {
    return newcomers(roster).filter(standing -> standing.person() == null).count();
  }

  private Stream<Standing> newcomers(Roster roster) {
    return words.values().stream()
        .map(Report::seat)
        .filter(seat -> !roster.has(seat.session()))
        .map(Seat::standing)
        .filter(Objects::nonNull);
  }

  /// Everything that waits; then nothing does.
  Batch take() {
    Batch batch = new Batch(new ArrayList<>(words.values()), new ArrayList<>(said.values()), since);
    words.clear();
    said.clear();
    since = 0;
    return batch;
  }
}
