package presence.load.check;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import presence.load.record.Line;
import presence.load.record.Recording;

/// How long things took in one run, from its recordings and marks, in milliseconds.
///
/// @param flows from the first mark `kill` until in every instance somebody heard what somebody
///   else said after it; -1 = there was no such mark, or one never flowed again
/// @param whole the same, until every member who stayed heard it
/// @param changeGap the longest time that any client waited for a presence change which somebody
///   had made, less the time in which one of the two had no socket
/// @param evictions how long after its deadline each person was seen to leave who went for good
///   before the kill: a second before at least, so that the loss of the socket was known
/// @param lateEvictions the same of who went later: their grace began when somebody noticed
/// @param socketsLost sockets that were not dropped by their own clients
public record Measures(
    long flows,
    long whole,
    long changeGap,
    List<Long> evictions,
    List<Long> lateEvictions,
    long socketsLost) {

  private static final long NOTICED_MS = 1_000;

  /// A message that was said.
  private record Word(String author, String instance, long at) {}

  public static Measures of(List<Recording> recordings, List<Line.Mark> marks) {
    long killed =
        marks.stream()
            .filter(mark -> mark.what().equals("kill"))
            .mapToLong(Line.Mark::at)
            .findFirst()
            .orElse(Long.MAX_VALUE);
    Map<String, Word> words = words(recordings);
    Map<String, Long> first = new TreeMap<>();
    Map<String, Long> last = new TreeMap<>();
    words.values().forEach(word -> first.putIfAbsent(word.instance(), Long.MAX_VALUE));
    long lost = 0;
    for (Recording recording : recordings) {
      boolean stays = recording.lines().stream().noneMatch(Line.Away.class::isInstance);
      heard(recording, words, killed)
          .forEach((instance, at) -> {
            first.merge(instance, at, Math::min);
            if (stays) {
              last.merge(instance, at, Math::max);
            }
          });
      lost += recording.lines().stream().filter(Line.Closed.class::isInstance).count();
    }
    return new Measures(
        since(killed, first),
        since(killed, last),
        ChangeWaits.longest(recordings),
        evictions(recordings, 0, killed - NOTICED_MS),
        evictions(recordings, killed - NOTICED_MS, Long.MAX_VALUE),
        lost);
  }

  private static long since(long killed, Map<String, Long> times) {
    long latest = times.values().stream().mapToLong(Long::longValue).max().orElse(Long.MAX_VALUE);
    return killed == Long.MAX_VALUE || latest == Long.MAX_VALUE ? -1 : latest - killed;
  }

  private static Map<String, Word> words(List<Recording> recordings) {
    Map<String, Word> words = new HashMap<>();
    for (Recording recording : recordings) {
      for (Line line : recording.lines()) {
        if (line instanceof Line.Says(long at, String instance, String id)) {
          words.put(id, new Word(recording.client().name(), instance, at));
        }
      }
    }
    return words;
  }

  /// When this client first heard something of somebody else that was said after the kill, by
  /// instance.
  private static Map<String, Long> heard(
      Recording recording, Map<String, Word> words, long killed) {
    Map<String, Long> heard = new HashMap<>();
    for (Line line : recording.lines()) {
      if (line instanceof Line.Frame(long at, JsonNode frame) && at >= killed) {
        for (JsonNode message : Messages.of(frame)) {
          Word word = words.get(message.path("text").asText());
          if (word != null
              && word.at() > killed
              && !word.author().equals(recording.client().name())) {
            heard.putIfAbsent(word.instance(), at);
          }
        }
      }
    }
    return heard;
  }

  private static List<Long> evictions(List<Recording> recordings, long from, long to) {
    Findings unused = new Findings();
    Map<String, Long> deadlines = new HashMap<>();
    for (Recording recording : recordings) {
      long away =
          recording.lines().stream()
              .filter(Line.Away.class::isInstance)
              .mapToLong(Line::at)
              .max()
              .orElse(0);
      if (away > from && away <= to) {
        Story story = Story.of(recording, unused);
        deadlines.put(story.person(), away + recording.client().graceMs());
      }
    }
    List<Long> late = new ArrayList<>();
    leaves(recordings)
        .forEach((person, at) -> {
          Long deadline = deadlines.get(person);
          if (deadline != null && !person.isEmpty()) {
            late.add(at - deadline);
          }
        });
    return late;
  }

  /// When each person was first seen to leave for the last time.
  private static Map<String, Long> leaves(List<Recording> recordings) {
    Map<String, Map<String, Long>> bySeq = new HashMap<>();
    for (Recording recording : recordings) {
      for (Line line : recording.lines()) {
        if (line instanceof Line.Frame(long at, JsonNode frame)) {
          for (JsonNode message : Messages.of(frame)) {
            for (JsonNode person : message.path("left")) {
              bySeq
                  .computeIfAbsent(person.asText(), _ -> new HashMap<>())
                  .merge(message.path("instance").asText(), at, Math::min);
            }
          }
        }
      }
    }
    Map<String, Long> latest = new HashMap<>();
    bySeq.forEach((person, times) ->
        latest.put(person, times.values().stream().mapToLong(Long::longValue).max().orElse(0)));
    return latest;
  }
}
