package presence.load.storm;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import presence.load.process.Operator;
import presence.load.process.PostgresServer;
import presence.load.process.ThreeNodes;
import presence.load.record.Line;
import presence.load.record.Recorder;

/// One disaster, or several in a row, under one crowd, written down in a directory of its own.
public final class Run {
  private static final Duration BEFORE = Duration.ofSeconds(6);

  /// The leavers go from before the disaster until well into it.
  private static final Duration LEAVING = Duration.ofSeconds(12);

  /// A leave is told at most this much after the deadline, failover included.
  private static final Duration LATE_MAX = Duration.ofSeconds(4);

  private static final Duration QUIET_MAX = Duration.ofSeconds(45);
  private static final Duration QUIET_FOR = Duration.ofSeconds(2);

  private final ThreeNodes nodes;
  private final PostgresServer postgres;
  private final Duration grace;

  public Run(ThreeNodes nodes, PostgresServer postgres, Duration grace) {
    this.nodes = nodes;
    this.postgres = postgres;
    this.grace = grace;
  }

  /// Plays it to its end.
  ///
  /// @param name unlike that of any other run on this cluster
  /// @param tokens of the persons `@NAME-0`, … one for each client
  /// @param directory where the recordings go
  public void play(
      List<Disaster> disasters,
      String name,
      List<String> tokens,
      Path directory,
      RandomGenerator random)
      throws InterruptedException {
    List<URI> urls = IntStream.range(0, ThreeNodes.COUNT).mapToObj(nodes::url).toList();
    Crowd crowd = Crowd.of(name, tokens, urls, directory, grace, random);
    try (Operator operator = new Operator();
        Recorder marks = Recorder.create(directory.resolve(Line.RUN), InstantSource.system())) {
      crowd.come();
      Guest victim = crowd.others().get(random.nextInt(crowd.others().size()));
      Scene scene = new Scene(nodes, postgres, operator, crowd, marks, victim);
      try (Bustle bustle =
          new Bustle(crowd, LEAVING, disasters.stream().allMatch(Disaster::dropsSockets), random)) {
        bustle.start();
        scene.pause(BEFORE);
        disasters.forEach(disaster -> disaster.strike(scene));
        Scene.await(LEAVING.multipliedBy(2), bustle::allLeft);
        scene.pause(grace.plus(LATE_MAX));
      }
      boolean quiet =
          Scene.await(QUIET_MAX, crowd::isQuiet) && !Scene.await(QUIET_FOR, () -> !crowd.isQuiet());
      scene.mark(quiet ? "quiet" : "not quiet: " + crowd.unquiet(), -1);
    } finally {
      crowd.finish();
    }
  }
}
