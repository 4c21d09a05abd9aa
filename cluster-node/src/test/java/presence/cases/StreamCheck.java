package presence.cases;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import presence.protocol.ClientMessage.RosterMode;
import presence.protocol.Counts;
import presence.protocol.Member;
import presence.protocol.ServerMessage;

/// Holds every stream one client is told against what must always be true of it: no gap, no repeat,
/// join and leave of a person alternate, here is part of online, and the counts are the sizes of
/// the sets. It folds by itself, so that it does not share a mistake with the client.
final class StreamCheck {
  private static final class Stream {
    private long epoch;
    private long seq;
    private boolean whole;
    private boolean claimed;
    private final Set<String> online = new HashSet<>();
    private final Set<String> here = new HashSet<>();
  }

  private final Map<String, Stream> streams = new HashMap<>();
  private final List<String> violations = new ArrayList<>();

  synchronized List<String> violations() {
    return List.copyOf(violations);
  }

  synchronized void unreadable(String why) {
    violations.add("a frame that cannot be read: " + why);
  }

  synchronized void take(ServerMessage message) {
    switch (message) {
      case ServerMessage.Presence cut -> begin(cut);
      case ServerMessage.Delta delta -> change(delta);
      case ServerMessage.CountsChange counts -> {
        Stream stream = streams.get(counts.instance());
        follows(stream, counts.epoch(), counts.from(), counts.seq(), message);
      }
      case ServerMessage.Said said -> {
        Stream stream = streams.get(said.instance());
        boolean repeated =
            said.clientMessageId() != null && stream != null && said.seq() <= stream.seq;
        if (!repeated) {
          follows(stream, said.epoch(), said.seq() - 1, said.seq(), message);
        }
      }
      default -> {}
    }
  }

  /// The client claims to have the stream up to this place; the server may think otherwise.
  synchronized void claims(String instance, long epoch, long seq) {
    Stream stream = new Stream();
    stream.claimed = true;
    stream.epoch = epoch;
    stream.seq = seq;
    streams.put(instance, stream);
  }

  /// The client left: what comes later begins anew.
  synchronized void left(String instance) {
    streams.remove(instance);
  }

  private void begin(ServerMessage.Presence cut) {
    Stream stream = new Stream();
    stream.epoch = cut.epoch();
    stream.seq = cut.seq();
    stream.whole = cut.roster() == RosterMode.FULL && cut.complete();
    cut.online().forEach(member -> stream.online.add(member.id()));
    stream.here.addAll(cut.here());
    Stream before = streams.put(cut.instance(), stream);
    if (before != null
        && !before.claimed
        && before.epoch == cut.epoch()
        && before.seq > cut.seq()) {
      violations.add("a cut older than what was told: seq %d, then %s".formatted(before.seq, cut));
    }
    compare(stream, cut.counts(), cut);
  }

  private void change(ServerMessage.Delta delta) {
    Stream stream = streams.get(delta.instance());
    follows(stream, delta.epoch(), delta.from(), delta.seq(), delta);
    if (stream == null || !stream.whole) {
      return;
    }
    delta.left().forEach(id -> expect(stream.online.remove(id), "left, was not online", delta));
    stream.here.removeAll(delta.left());
    for (Member member : delta.joined()) {
      expect(stream.online.add(member.id()), "joined, was online", delta);
    }
    for (Member member : delta.renamed()) {
      expect(stream.online.contains(member.id()), "renamed, is not online", delta);
    }
    stream.here.removeAll(delta.away());
    stream.here.addAll(delta.here());
    compare(stream, delta.counts(), delta);
  }

  private void follows(
      @Nullable Stream stream, long epoch, long from, long seq, ServerMessage message) {
    if (stream == null) {
      violations.add("a change before any cut: " + message);
      return;
    }
    expect(stream.epoch == epoch, "another epoch than " + stream.epoch, message);
    expect(stream.seq == from, "does not follow seq " + stream.seq, message);
    expect(seq >= from, "goes backwards", message);
    stream.seq = seq;
    stream.claimed = false;
  }

  private void compare(Stream stream, Counts counts, ServerMessage message) {
    if (stream.whole) {
      expect(stream.online.containsAll(stream.here), "here who is not online", message);
      expect(counts.people() == stream.online.size(), "people is not the size", message);
      expect(counts.here() == stream.here.size(), "here is not the size", message);
      expect(counts.people() <= counts.sessions(), "more people than sessions", message);
    }
  }

  private void expect(boolean holds, String otherwise, ServerMessage message) {
    if (!holds) {
      violations.add(otherwise + ": " + message);
    }
  }
}
