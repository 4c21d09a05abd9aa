package presence.load.check;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One observer's way through one instance's stream: checks each step and shows every cut it gets
/// to the instance's [Stream].
final class Follower {
  private final String who;
  private final Stream stream;
  private final Findings findings;
  private @Nullable Cut cut;
  private @Nullable Cut draft;
  private final List<JsonNode> held = new ArrayList<>();
  private boolean countsOnly;
  private boolean behind;

  Follower(String who, Stream stream, Findings findings) {
    this.who = who;
    this.stream = stream;
    this.findings = findings;
  }

  /// Where it stands, if it stands anywhere.
  @Nullable Cut cut() {
    return draft == null ? cut : null;
  }

  boolean countsOnly() {
    return countsOnly;
  }

  /// Whatever was on its way does not come any more; what is known stays known.
  void lostSocket() {
    draft = null;
    held.clear();
  }

  /// It is no member any more.
  void leaves() {
    lostSocket();
    cut = null;
  }

  void presence(long at, JsonNode presence) {
    countsOnly = presence.path("roster").asText().equals("counts");
    Cut snapshot = Cut.of(presence);
    draft = null;
    held.clear();
    if (cut != null) {
      keepsEpoch(snapshot.epoch());
      findings.check(
          Rule.REPEAT,
          snapshot.epoch() != cut.epoch() || snapshot.seq() >= cut.seq(),
          "%s in %s: a snapshot at %d after %d",
          who,
          stream.name(),
          snapshot.seq(),
          cut.seq());
    }
    if (presence.hasNonNull("cursor") && !presence.path("complete").booleanValue()) {
      draft = snapshot;
    } else {
      arrive(at, snapshot);
    }
  }

  private void arrive(long at, Cut snapshot) {
    stream.skipped(who, cut, snapshot);
    cut = snapshot;
    draft = null;
    behind = false;
    show(at, snapshot);
    List<JsonNode> waiting = List.copyOf(held);
    held.clear();
    waiting.forEach(each -> change(at, each));
  }

  /// A page of the snapshot that came before.
  void page(long at, JsonNode page) {
    if (draft == null || draft.seq() != page.path("seq").longValue()) {
      return;
    }
    draft = draft.plus(page.path("members"), page.path("here"));
    if (!page.hasNonNull("cursor")) {
      arrive(at, draft);
    }
  }

  /// A `presence:delta`, a `presence:counts` or a `chat:message`.
  void change(long at, JsonNode change) {
    if (draft != null) {
      if (change.path("seq").longValue() > draft.seq()) {
        held.add(change);
      }
      return;
    }
    if (cut == null) {
      return; // a member no more, or not yet
    }
    boolean said = change.path("type").asText().equals("chat:message");
    long seq = change.path("seq").longValue();
    long from = said ? seq - 1 : change.path("from").longValue();
    if (said) {
      stream.said(who, at, change);
    }
    if (!keepsEpoch(change.path("epoch").longValue()) || !follows(change, from, seq)) {
      return;
    }
    if (!said && seq > from) {
      stream.covered(who, from, seq);
    }
    step(at, change, seq);
  }

  private void step(long at, JsonNode change, long seq) {
    Cut before = current();
    boolean delta = change.path("type").asText().equals("presence:delta");
    if (delta && !countsOnly) {
      alternates(before, change);
      cut = before.after(change);
    } else {
      cut = before.at(seq, change.get("counts"));
    }
    behind = false;
    show(at, current());
  }

  private Cut current() {
    if (cut == null) {
      throw new IllegalStateException("no cut");
    }
    return cut;
  }

  private boolean keepsEpoch(long epoch) {
    boolean same = epoch == current().epoch();
    findings.check(
        Rule.EPOCH, same, "%s in %s: %d after %d", who, stream.name(), epoch, current().epoch());
    return same;
  }

  /// Whether the change goes on where the observer stands. An answer to its own question may tell
  /// what it knows already, and so may its author's copy of a message.
  private boolean follows(JsonNode change, long from, long seq) {
    long here = current().seq();
    boolean answer = change.has("ref") || change.has("clientMessageId");
    if (answer && seq <= here) {
      return false;
    }
    findings.check(
        Rule.GAP,
        from <= here || behind,
        "%s in %s: %s from %d at %d",
        who,
        stream.name(),
        change.path("type").asText(),
        from,
        here);
    behind |= from > here;
    findings.check(
        Rule.REPEAT,
        from >= here,
        "%s in %s: %s from %d to %d at %d",
        who,
        stream.name(),
        change.path("type").asText(),
        from,
        seq,
        here);
    return from == here;
  }

  private void alternates(Cut before, JsonNode delta) {
    for (JsonNode member : delta.path("joined")) {
      String id = member.path("id").asText();
      findings.check(
          Rule.ALTERNATION,
          !before.online().containsKey(id),
          "%s in %s at %d: %s joined and was online",
          who,
          stream.name(),
          delta.path("seq").longValue(),
          id);
    }
    for (String id : Cut.ids(delta.path("left"))) {
      findings.check(
          Rule.ALTERNATION,
          before.online().containsKey(id),
          "%s in %s at %d: %s left and was not online",
          who,
          stream.name(),
          delta.path("seq").longValue(),
          id);
    }
  }

  private void show(long at, Cut now) {
    if (!countsOnly) {
      findings.check(
          Rule.SUBSET,
          now.online().keySet().containsAll(now.here()),
          "%s in %s at %s",
          who,
          stream.name(),
          now);
      findings.check(
          Rule.COUNTS,
          now.count("people") == now.online().size() && now.count("here") == now.here().size(),
          "%s in %s at %s",
          who,
          stream.name(),
          now);
    }
    findings.check(
        Rule.COUNTS,
        now.count("here") <= now.count("people")
            && now.count("people") + now.count("anonymous") <= now.count("sessions"),
        "%s in %s at %s",
        who,
        stream.name(),
        now);
    stream.show(who, at, now, countsOnly);
  }
}
