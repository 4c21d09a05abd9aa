package presence.load.check;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import presence.load.record.Line;
import presence.load.record.Recording;

/// How long clients waited for presence changes: from the first change that a member made after the
/// last one a client was told of, until the client was told again. Time in which nobody changed
/// anything is no waiting, nor is the time in which the client, or the member, had no socket.
final class ChangeWaits {
  /// What a member did so shortly before its socket closed may have been lost with it; it is said
  /// again by the next.
  private static final long LOST_WITH_SOCKET_MS = 1_000;

  private final Map<String, NavigableSet<Long>> made = new HashMap<>();

  private ChangeWaits() {}

  /// The longest wait of any client, in milliseconds.
  static long longest(List<Recording> recordings) {
    ChangeWaits waits = new ChangeWaits();
    recordings.forEach(waits::addMadeBy);
    return recordings.stream().mapToLong(waits::longestOf).max().orElse(0);
  }

  private void addMadeBy(Recording member) {
    List<Line.Looks> saidAgain = new ArrayList<>();
    List<Line.Looks> said = new ArrayList<>();
    boolean open = false;
    for (Line line : member.lines()) {
      if (line instanceof Line.Looks look) {
        (open ? said : saidAgain).add(look);
      } else if (isClose(line) && open) {
        open = false;
        said.stream()
            .filter(look -> look.at() > line.at() - LOST_WITH_SOCKET_MS)
            .forEach(saidAgain::add);
        said.removeAll(saidAgain);
      } else if (isWelcome(line)) {
        open = true;
        saidAgain.forEach(look -> add(look, line.at()));
        saidAgain.clear();
      }
    }
    said.forEach(look -> add(look, look.at()));
  }

  private void add(Line.Looks look, long at) {
    if (look.slug() != null) {
      made.computeIfAbsent(look.slug(), _ -> new TreeSet<>()).add(at);
    }
  }

  private long longestOf(Recording client) {
    Map<String, Long> told = new HashMap<>();
    List<Away> aways = new ArrayList<>();
    long longest = 0;
    long closedAt = 0;
    for (Line line : client.lines()) {
      if (isClose(line)) {
        closedAt = line.at();
      } else if (isWelcome(line) && closedAt > 0) {
        aways.add(new Away(closedAt, line.at()));
        closedAt = 0;
      } else if (line instanceof Line.Frame(long at, JsonNode frame)) {
        for (JsonNode message : Messages.of(frame)) {
          if (isChange(message)) {
            String instance = message.path("instance").asText();
            Long before = told.put(instance, at);
            longest = Math.max(longest, before == null ? 0 : wait(instance, before, at, aways));
          }
        }
      }
    }
    return longest;
  }

  private long wait(String instance, long before, long at, List<Away> aways) {
    NavigableSet<Long> changes = made.get(instance);
    Long first = changes == null ? null : changes.ceiling(before);
    return first == null || first > at
        ? 0
        : at - first - aways.stream().mapToLong(away -> away.within(first, at)).sum();
  }

  /// When a client had no socket.
  private record Away(long from, long to) {
    long within(long start, long end) {
      return Math.max(0, Math.min(to, end) - Math.max(from, start));
    }
  }

  private static boolean isClose(Line line) {
    return line instanceof Line.Closed || line instanceof Line.Drops;
  }

  private static boolean isWelcome(Line line) {
    return line instanceof Line.Frame(_, JsonNode frame)
        && Messages.of(frame).stream().anyMatch(each -> Messages.isType(each, "welcome"));
  }

  private static boolean isChange(JsonNode message) {
    return Messages.isType(message, "presence:delta") || Messages.isType(message, "presence");
  }
}
