package presence.load.storm;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import presence.load.record.Line;
import presence.load.record.Recorder;

/// A crowd that comes, does what it does while something is done to the cluster, and is quiet in
/// the end: all of it written down, one file for each client and one for what was done.
public final class Gathering implements AutoCloseable {
  private static final Duration BEFORE = Duration.ofSeconds(6);

  /// The leavers go from before the disaster until well into it.
  private static final Duration LEAVING = Duration.ofSeconds(12);

  /// A leave is told at most this much after the deadline, failover included.
  private static final Duration LATE_MAX = Duration.ofSeconds(4);

  private static final Duration FLOW_MAX = Duration.ofSeconds(90);
  private static final Duration QUIET_MAX = Duration.ofSeconds(45);
  private static final Duration QUIET_FOR = Duration.ofSeconds(2);

  private final Crowd crowd;
  private final Recorder marks;
  private final Duration grace;
  private final RandomGenerator random;

  private Gathering(Crowd crowd, Recorder marks, Duration grace, RandomGenerator random) {
    this.crowd = crowd;
    this.marks = marks;
    this.grace = grace;
    this.random = random;
  }

  /// A crowd that has not come yet.
  ///
  /// @param name unlike that of any other gathering on this cluster
  /// @param tokens of the persons `@NAME-0`, … one for each client
  /// @param urls of nodes, or of what stands before them; clients go from one to the next
  /// @param directory where the recordings go
  public static Gathering of(
      String name,
      List<String> tokens,
      List<URI> urls,
      Path directory,
      Duration grace,
      RandomGenerator random) {
    return new Gathering(
        Crowd.of(name, tokens, urls, directory, grace, random),
        Recorder.create(directory.resolve(Line.RUN), InstantSource.system()),
        grace,
        random);
  }

  Crowd crowd() {
    return crowd;
  }

  /// Brings everybody in.
  public void come() throws InterruptedException {
    crowd.come();
  }

  /// Lets something happen while everybody is busy, and returns when all who leave have left and
  /// everybody else waits for nothing.
  ///
  /// @param drops whether single sockets are lost meanwhile, too
  public void during(boolean drops, Runnable something) {
    during(drops, something, () -> {});
  }

  /// The same with something more, while the graces of those who left run out.
  public void during(boolean drops, Runnable something, Runnable more) {
    try (Bustle bustle = new Bustle(crowd, LEAVING, drops, random)) {
      bustle.start();
      Scene.await(BEFORE, () -> false);
      something.run();
      Scene.await(LEAVING.multipliedBy(2), bustle::allLeft);
      long since = System.nanoTime();
      more.run();
      Scene.await(grace.plus(LATE_MAX).minusNanos(System.nanoTime() - since), () -> false);
    }
    boolean quiet =
        Scene.await(QUIET_MAX, crowd::isQuiet) && !Scene.await(QUIET_FOR, () -> !crowd.isQuiet());
    mark(quiet ? "quiet" : "not quiet: " + crowd.unquiet(), null);
  }

  /// Writes down what was just done, to which node.
  public void mark(String what, @Nullable String node) {
    marks.write(at -> new Line.Mark(at, what, node));
  }

  /// Waits until everyone heard what was said after this call.
  public void awaitFlow() {
    long now = InstantSource.system().millis();
    if (!Scene.await(FLOW_MAX, () -> crowd.heardSince(now))) {
      mark("no flow", null);
    }
  }

  @Override
  public void close() {
    crowd.finish();
    marks.close();
  }
}
