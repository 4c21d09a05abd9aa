package presence.load.check;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// One instance's stream, put together from all its observers: they must agree at every seq.
final class Stream {
  /// What the first observer saw at a seq.
  record Sight(String who, long at, Cut cut) {}

  /// A published chat message.
  ///
  /// @param at when the first observer had it
  record Published(long at, long seq, String id, String text) {}

  /// Somebody's step over several seqs at once.
  ///
  /// @param told the ids of the messages it was told beside the step
  private record Leap(String who, long from, long to, Set<String> told) {}

  private final String name;
  private final Findings findings;
  private final SortedMap<Long, Sight> sights = new TreeMap<>();
  private final Map<Long, Sight> countSights = new HashMap<>();
  private final SortedMap<Long, Published> published = new TreeMap<>();
  private final Map<String, Long> seqOfMessage = new HashMap<>();
  private final List<Leap> leaps = new ArrayList<>();
  private final Map<Long, String> singleSteps = new HashMap<>();
  private final Map<String, Leap> newestLeap = new HashMap<>();

  Stream(String name, Findings findings) {
    this.name = name;
    this.findings = findings;
  }

  String name() {
    return name;
  }

  /// The cuts at all seqs that anybody saw.
  SortedMap<Long, Sight> sights() {
    return sights;
  }

  SortedMap<Long, Published> published() {
    return published;
  }

  long last() {
    return Math.max(
        sights.isEmpty() ? 0 : sights.lastKey(),
        countSights.keySet().stream().mapToLong(Long::longValue).max().orElse(0));
  }

  void show(String who, long at, Cut cut, boolean countsOnly) {
    Map<Long, Sight> same = countsOnly ? countSights : sights;
    Sight first = same.get(cut.seq());
    if (first == null) {
      same.put(cut.seq(), new Sight(who, at, cut));
    } else {
      if (at < first.at()) {
        same.put(cut.seq(), new Sight(who, at, cut));
      }
      agree(first.who(), first.cut(), who, cut, countsOnly || first.cut().shows(cut));
    }
    Sight other = (countsOnly ? sights : countSights).get(cut.seq());
    if (other != null) {
      agree(other.who(), other.cut(), who, cut, true);
    }
  }

  private void agree(String one, Cut here, String other, Cut there, boolean same) {
    findings.check(
        Rule.SAME,
        same && here.epoch() == there.epoch() && here.counts().equals(there.counts()),
        "%s: %s has %s, %s has %s",
        name,
        one,
        here,
        other,
        there);
  }

  void said(String who, long at, JsonNode message) {
    long seq = message.path("seq").longValue();
    String id = message.path("id").asText();
    Published first =
        published.computeIfAbsent(
            seq, _ -> new Published(at, seq, id, message.path("text").asText()));
    findings.check(
        Rule.SAME,
        first.id().equals(id),
        "%s at %d: %s has message %s, others %s",
        name,
        seq,
        who,
        id,
        first.id());
    if (at < first.at()) {
      published.put(seq, new Published(at, seq, first.id(), first.text()));
    }
    Long known = seqOfMessage.putIfAbsent(id, seq);
    findings.check(
        Rule.CHAT_ONCE,
        known == null || known == seq,
        "%s: %s has message %s at %d, it was at %d",
        name,
        who,
        id,
        seq,
        known);
  }

  /// Somebody was told the net change of these seqs.
  void covered(String who, long from, long to) {
    if (to == from + 1) {
      singleSteps.putIfAbsent(to, who);
    } else {
      leaps.add(new Leap(who, from, to, Set.of()));
    }
  }

  /// Somebody was given a snapshot, and perhaps a history next.
  void skipped(String who, @Nullable Cut before, Cut snapshot) {
    if (before != null && before.epoch() == snapshot.epoch() && before.seq() < snapshot.seq()) {
      Leap leap = new Leap(who, before.seq(), snapshot.seq(), new HashSet<>());
      leaps.add(leap);
      newestLeap.put(who, leap);
    }
  }

  void history(String who, JsonNode messages) {
    Leap leap = newestLeap.get(who);
    if (leap != null) {
      messages.forEach(message -> leap.told().add(message.path("id").asText()));
    }
  }

  /// Every message that somebody's step went over must have been told beside it.
  void checkLeaps() {
    singleSteps.forEach((seq, who) -> leaps.add(new Leap(who, seq - 1, seq, Set.of())));
    for (Leap leap : leaps) {
      for (Published message : published.subMap(leap.from() + 1, leap.to() + 1).values()) {
        findings.check(
            Rule.CHAT_LOST,
            leap.told().contains(message.id()),
            "%s: %s went from %d to %d and never had the message at %d",
            name,
            leap.who(),
            leap.from(),
            leap.to(),
            message.seq());
      }
    }
  }
}
