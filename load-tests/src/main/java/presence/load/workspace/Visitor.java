package presence.load.workspace;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// A client of one workspace: does one thing at a time, by chance, and knows what it must be
/// counted as then. Whoever retires comes back as somebody new.
public final class Visitor {
  private static final int ENDS_WITHIN_S = 10;
  private static final int STREAMS_MAX = 3;

  private final Api api;
  private final String workspace;
  private final List<String> sessions;
  private final RandomGenerator random;
  private final Queue<String> faults;
  private final Standing standing;
  private final Deque<EventStream> streams = new ArrayDeque<>();
  private String id;
  private volatile @Nullable String lastEvent;
  private int actions;

  /// @param faults where it says what should not have come
  public Visitor(
      Api api,
      String workspace,
      List<String> sessions,
      Duration createGrace,
      Duration detachGrace,
      RandomGenerator random,
      Queue<String> faults) {
    this.api = api;
    this.workspace = workspace;
    this.sessions = sessions;
    this.random = random;
    this.faults = faults;
    this.standing = new Standing(createGrace, detachGrace);
    this.id = newId();
  }

  private String newId() {
    byte[] seed = Long.toHexString(random.nextLong()).getBytes(StandardCharsets.US_ASCII);
    return UUID.nameUUIDFromBytes(seed).toString();
  }

  /// Does something that it may do now.
  public void act() {
    actions++;
    int dice = random.nextInt(100);
    if (standing.isAttached()) {
      actAttached(dice);
    } else if (!standing.isClear(now())) {
      actions--; // whatever it did now, nobody could say what it must be counted as
    } else if (standing.isSure(now())) {
      actAway(dice);
    } else {
      actAsStranger(dice);
    }
  }

  private void actAttached(int dice) {
    if (dice < 35) {
      select(dice < 5 ? null : any(sessions));
    } else if (dice < 50) {
      lose(true);
    } else if (dice < 60) {
      lose(false);
    } else if (dice < 68) {
      blink();
    } else if (dice < 76) {
      attach();
    } else if (dice < 80) {
      hold();
    } else if (dice < 90) {
      run();
    } else if (dice < 96) {
      release();
    } else {
      retire();
    }
  }

  private void actAway(int dice) {
    if (dice < 70) {
      attach();
    } else if (dice < 80) {
      hold();
    } else if (dice < 90) {
      run();
    } else {
      release();
    }
  }

  private void actAsStranger(int dice) {
    if (dice < 70) {
      attach();
    } else if (dice < 95) {
      hold();
    } else {
      release();
    }
  }

  private String any(List<String> some) {
    return some.get(random.nextInt(some.size()));
  }

  /// Opens a stream, one more if it has some.
  void attach() {
    if (streams.size() >= STREAMS_MAX) {
      return;
    }
    long before = now();
    String since = lastEvent;
    streams.add(
        EventStream.open(api.node(), workspace, id, since, (type, event, _) -> told(type, event)));
    if (!standing.attach(before, now())) {
      release(); // it took so long that nobody can say what it came back to
    }
  }

  private void told(String type, String event) {
    if (type.equals("resync")) {
      faults.add(id + " was told to start again");
    }
    if (!event.isEmpty()) {
      lastEvent = event;
    }
  }

  void select(@Nullable String session) {
    api.select(workspace, id, session == null ? "" : session);
    standing.select(session);
  }

  /// Loses the stream it has had longest.
  void lose(boolean killed) {
    long before = now();
    EventStream stream = streams.remove();
    if (killed) {
      stream.kill();
    } else {
      stream.close();
    }
    awaitEnd(stream);
    if (streams.isEmpty()) {
      standing.lose(before, now());
    }
  }

  /// Loses a stream and is back at once.
  private void blink() {
    lose(true);
    attach();
  }

  private void hold() {
    long before = now();
    api.hold(workspace, id);
    standing.hold(before, now());
  }

  /// Starts a run or ends one.
  private void run() {
    List<Map.Entry<String, String>> open = new ArrayList<>(standing.runs().entrySet());
    if (open.isEmpty() || random.nextInt(3) == 0) {
      String session = any(sessions);
      standing.start(api.startRun(workspace, id, session), session);
    } else {
      Map.Entry<String, String> run = open.getFirst();
      api.endRun(workspace, run.getValue(), run.getKey());
      standing.finish(run.getKey());
    }
  }

  /// Gives up its claim.
  public void release() {
    api.release(workspace, id);
    end();
  }

  private void retire() {
    api.retire(id);
    end();
    id = newId();
    lastEvent = null;
  }

  /// Whose claim is over has no streams.
  private void end() {
    standing.end();
    streams.forEach(this::awaitEnd);
    streams.clear();
  }

  private void awaitEnd(EventStream stream) {
    try {
      stream.ended().get(ENDS_WITHIN_S, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      faults.add("a stream of " + id + " did not end");
      stream.close();
    } catch (ExecutionException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  String workspace() {
    return workspace;
  }

  Standing standing() {
    return standing;
  }

  /// How many things it has done.
  public int actions() {
    return actions;
  }

  static long now() {
    return System.nanoTime() / 1_000_000;
  }

  /// Is gone without a word.
  public void leave() {
    streams.forEach(EventStream::kill);
  }
}
