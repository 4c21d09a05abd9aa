package presence.load.storm;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import presence.load.process.Operator;
import presence.load.process.PostgresServer;
import presence.load.process.ThreeNodes;

/// One disaster, or several in a row, under one crowd, written down in a directory of its own.
public final class Run {
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
    boolean drops = disasters.stream().allMatch(Disaster::dropsSockets);
    try (Operator operator = new Operator();
        Gathering gathering = Gathering.of(name, tokens, urls, directory, grace, random)) {
      gathering.come();
      List<Guest> others = gathering.crowd().others();
      Guest victim = others.get(random.nextInt(others.size()));
      Scene scene = new Scene(nodes, postgres, operator, gathering, victim);
      gathering.during(drops, () -> disasters.forEach(disaster -> disaster.strike(scene)));
    }
  }
}
