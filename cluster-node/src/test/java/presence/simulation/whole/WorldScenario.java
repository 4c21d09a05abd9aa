package presence.simulation.whole;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import presence.protocol.Position;
import presence.protocol.Spot;
import presence.simulation.Fault;
import presence.simulation.Host;
import presence.simulation.Inbox;
import presence.simulation.Scenario;
import presence.simulation.World;
import presence.simulation.whole.ClusterScenario.Stage;
import presence.world.Figure;
import presence.world.World.Cut;
import presence.world.World.Feed;
import presence.world.World.Subscribe;

/// Clients of three hosts in two worlds, and everything that may go wrong: once quiet, worlds hold
/// what sessions hold, and everybody sees that. Joined and left, ghost and returned alternate for
/// every client, or it says so itself.
final class WorldScenario implements Scenario<Stage, Step> {
  private static final List<String> HOSTS = List.of("n1", "n2", "n3");
  private static final List<String> PIECES = List.of("garden", "attic");
  private static final int CLIENTS = 6;

  private final ClusterScenario cluster;
  private final int length;
  private final boolean faults;

  WorldScenario(int length, boolean faults) {
    this.cluster = new ClusterScenario(length, faults);
    this.length = length;
    this.faults = faults;
  }

  @Override
  public List<Step> steps(RandomGenerator chance) {
    List<Step> steps = new ArrayList<>();
    for (int client = 0; client < CLIENTS; client++) {
      steps.add(new Step.Arrive(client, any(HOSTS, chance)));
      steps.add(new Step.Rest(Duration.ofMillis(chance.nextInt(300))));
      steps.add(new Step.Enter(client, any(PIECES, chance)));
    }
    while (steps.size() < length) {
      steps.add(step(chance));
    }
    return steps;
  }

  private Step step(RandomGenerator chance) {
    int client = chance.nextInt(CLIENTS);
    String host = any(HOSTS, chance);
    String piece = any(PIECES, chance);
    return switch (chance.nextInt(faults ? 40 : 29)) {
      case 0, 1, 2, 3 -> new Step.Drop(client);
      case 4 -> new Step.Freeze(client);
      case 5, 6, 7, 8, 9, 10 -> new Step.Arrive(client, host);
      case 11 -> new Step.CloseOld(client);
      case 12, 13, 14, 15 -> new Step.Enter(client, piece);
      case 16 -> new Step.Exit(client, piece);
      case 17, 18, 19, 20, 21 -> new Step.Walk(client, piece);
      case 22 -> new Step.Bye(client);
      case 23 -> new Step.Rest(Duration.ofSeconds(chance.nextInt(120)));
      case 24, 25, 26 -> new Step.Rest(Duration.ofMillis(chance.nextInt(8_000)));
      case 27, 28 -> new Step.Rest(Duration.ofMillis(chance.nextInt(200)));
      case 29, 30 -> new Step.KillSession(client);
      case 31, 32 -> new Step.KillWorld(piece);
      case 33 -> new Step.MoveSession(client, host);
      case 34 -> new Step.MoveWorld(piece, host);
      case 35 -> new Step.Crash(host);
      case 36 -> new Step.Stall(Duration.ofMillis(chance.nextInt(8_000)));
      case 37 -> new Step.SpoilSession(client, any(List.of(Fault.values()), chance));
      default -> new Step.SpoilWorld(piece, any(List.of(Fault.values()), chance));
    };
  }

  private static <T> T any(List<T> some, RandomGenerator chance) {
    return some.get(chance.nextInt(some.size()));
  }

  @Override
  public Stage open(World world) {
    return cluster.open(world);
  }

  @Override
  public void perform(Stage stage, Step step) {
    cluster.perform(stage, step);
  }

  static void perform(Stage stage, Step.Worldly step) {
    World world = stage.world();
    switch (step) {
      case Step.Enter(int client, String piece) -> stage.clients().get(client).enter(piece);
      case Step.Exit(int client, String piece) -> stage.clients().get(client).exit(piece);
      case Step.Walk(int client, String piece) -> stage.clients().get(client).walk(piece);
      case Step.KillWorld(String piece) -> world.entities().kill("world", piece);
      case Step.MoveWorld(String piece, String host) ->
          world.entities().move("world", piece, world.host(host));
      case Step.SpoilWorld(String piece, Fault fault) ->
          world.journal().next("world-" + piece, fault);
    }
  }

  @Override
  public List<Invariant<Stage>> always() {
    return List.of();
  }

  @Override
  public List<Invariant<Stage>> onceQuiet() {
    return List.of(
        new Invariant<>(
            "worlds hold what live sessions hold (10)",
            stage -> PIECES.forEach(piece -> holdsWhatSessionsHold(stage, piece))),
        new Invariant<>(
            "everybody sees who is there, and where",
            stage -> PIECES.forEach(piece -> everybodySeesTheTruth(stage, piece))));
  }

  private static List<Figure> figures(Stage stage, String piece) {
    Host host = stage.world().host("n1");
    Inbox<Feed> inbox = host.inbox("reader-" + piece + stage.world().deliveries());
    stage
        .gateways()
        .worlds(host)
        .tell(piece, new Subscribe(inbox.ref(), new Position(1, 0), List.of()));
    stage.world().run(Duration.ofSeconds(10));
    return inbox.messages().stream()
        .filter(Cut.class::isInstance)
        .map(Cut.class::cast)
        .flatMap(cut -> cut.figures().stream())
        .toList();
  }

  private static boolean isUncertain(Stage stage, String piece) {
    return stage.clients().stream().anyMatch(each -> each.wanderer().isUncertain(piece));
  }

  private static List<SimulatedClient> members(Stage stage, String piece) {
    return stage.clients().stream()
        .filter(each -> each.isOnline() && each.wanderer().wants(piece))
        .toList();
  }

  private static void holdsWhatSessionsHold(Stage stage, String piece) {
    if (isUncertain(stage, piece)) {
      return;
    }
    Set<String> held = new TreeSet<>();
    for (Figure figure : figures(stage, piece)) {
      held.add(figure.session());
      assertThat(figure.isGhost()).as("%s is a ghost", figure.id()).isFalse();
    }
    Set<String> wanted = new TreeSet<>();
    members(stage, piece).forEach(each -> wanted.add(String.valueOf(each.session())));
    assertThat(held).as("sessions in %s", piece).isEqualTo(wanted);
  }

  private static void everybodySeesTheTruth(Stage stage, String piece) {
    if (isUncertain(stage, piece)) {
      return;
    }
    List<Figure> figures = figures(stage, piece);
    for (SimulatedClient client : members(stage, piece)) {
      Map<String, Spot> truth = new HashMap<>();
      for (Figure figure : figures) {
        if (!figure.session().equals(client.session())) {
          truth.put(figure.id(), figure.place().spot());
        }
      }
      Map<String, Spot> seen = new HashMap<>();
      var others = client.wanderer().others(piece);
      assertThat(others).as("what client %s sees of %s", client.session(), piece).isNotNull();
      if (others != null) {
        others.values().forEach(each -> seen.put(each.id(), each.pos()));
      }
      assertThat(seen)
          .as("whom %s sees in %s, and where", client.session(), piece)
          .isEqualTo(truth);
    }
  }
}
