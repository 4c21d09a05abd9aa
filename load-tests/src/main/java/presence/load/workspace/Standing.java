package presence.load.workspace;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a client must be counted as, by what it did and was answered. A deadline is the server's
/// and known here only as well as the time between question and answer allows: between two moments
/// (milliseconds of any clock) it may have passed or not.
final class Standing {
  /// By then the server has noticed a lost stream, or has executed a deadline.
  private static final long LATE_MS = 2_000;

  private final Map<String, String> runs = new LinkedHashMap<>();
  private final long createGrace;
  private final long detachGrace;
  private boolean attached;
  private boolean leased;
  private long surelyUntil;
  private long perhapsUntil;
  private @Nullable String selection;

  Standing(Duration createGrace, Duration detachGrace) {
    this.createGrace = createGrace.toMillis();
    this.detachGrace = detachGrace.toMillis();
  }

  boolean isAttached() {
    return attached;
  }

  /// Whether it has a claim.
  boolean isSure(long now) {
    return attached || now < surelyUntil;
  }

  /// Whether it may have a claim.
  boolean isPossible(long now) {
    return attached || now <= perhapsUntil;
  }

  /// Whether it may be said that it has a claim or that it has none, for a while at least.
  boolean isClear(long now) {
    return isSure(now + LATE_MS) || !isPossible(now);
  }

  /// The client is attached since some time between these two; whether it is known what of its
  /// claim before is left.
  boolean attach(long before, long after) {
    boolean known = !isPossible(before) || isSure(after);
    if (!isPossible(before)) {
      end();
    }
    attached = true;
    leased = false;
    return known;
  }

  /// It lost its last stream between these two.
  void lose(long before, long after) {
    attached = false;
    leased = true;
    surelyUntil = before + detachGrace;
    perhapsUntil = after + detachGrace + LATE_MS;
  }

  /// It asked for the workspace between these two.
  void hold(long before, long after) {
    if (attached) {
      return;
    }
    if (!isPossible(before)) {
      end();
    }
    surelyUntil = Math.max(surelyUntil, before + createGrace);
    perhapsUntil = Math.max(perhapsUntil, after + createGrace + LATE_MS);
  }

  /// Its claim is over.
  void end() {
    attached = false;
    leased = false;
    surelyUntil = 0;
    perhapsUntil = 0;
    selection = null;
    runs.clear();
  }

  void select(@Nullable String session) {
    selection = session;
  }

  void start(String run, String session) {
    runs.put(run, session);
  }

  void finish(String run) {
    runs.remove(run);
  }

  /// Its open runs and the session of each.
  Map<String, String> runs() {
    return runs;
  }

  long perhapsUntil() {
    return attached ? 0 : perhapsUntil;
  }

  /// Adds what it is to what its sessions must show.
  void addTo(Map<String, Expected> sessions, long now) {
    String looksAt = selection;
    if (looksAt != null && attached) {
      sessions.merge(looksAt, Expected.ATTACHED, Expected::plus);
    } else if (looksAt != null && leased && isPossible(now)) {
      Expected seen = isSure(now) ? Expected.LEASED : Expected.PERHAPS_LEASED;
      sessions.merge(looksAt, seen, Expected::plus);
    }
    if (isPossible(now)) {
      Expected busy = isSure(now) ? Expected.BUSY : Expected.PERHAPS_BUSY;
      runs.values().forEach(session -> sessions.merge(session, busy, Expected::plus));
    }
  }
}
