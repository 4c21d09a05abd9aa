package presence.workspace;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.jspecify.annotations.Nullable;
import presence.cluster.Door;
import presence.simulation.EntityType;
import presence.simulation.Fault;
import presence.simulation.Host;
import presence.simulation.Journal;
import presence.simulation.Network;
import presence.simulation.Scenario;
import presence.simulation.World;

/// Clients of two workspaces that create, attach, lose their streams, release and retire at any
/// moment, also at the moment of a deadline, while entities and hosts fail. The model is the test's
/// own: which streams are open, what was asked for, and what was answered.
final class RaceScenario implements Scenario<RaceScenario.Stage, Step> {
  private static final List<String> HOSTS = List.of("n1", "n2");
  private static final List<String> WORKSPACES = List.of("w1", "w2");
  private static final List<String> SESSIONS = List.of("s1", "s2");
  private static final List<Fault> FAULTS = List.of(Fault.values());
  private static final int CLIENTS = 4;

  private static final WorkspaceLimits LIMITS =
      new WorkspaceLimits(
          Duration.ofSeconds(30),
          Duration.ofSeconds(10),
          Duration.ofSeconds(5),
          Duration.ofDays(7),
          Duration.ofHours(1),
          1000,
          1000,
          131_072,
          1000,
          16,
          64,
          1000,
          Duration.ofMillis(500),
          Duration.ofSeconds(5),
          Duration.ofSeconds(60));

  private final int length;
  private final boolean faults;

  /// @param faults whether hosts crash, entities die and the journal fails, or only clients do
  ///   things
  RaceScenario(int length, boolean faults) {
    this.length = length;
    this.faults = faults;
  }

  /// One client in one workspace, as the test knows it.
  static final class Seat {
    final List<SimulatedReader> readers = new ArrayList<>();

    /// What the client looks at; absent = the test cannot know.
    @Nullable String selection;

    /// Readers that no release is about, nor a retirement.
    private final Set<SimulatedReader> wanted = new HashSet<>();

    private int leaves;
    private int left;

    boolean isOpen() {
      return readers.stream().anyMatch(SimulatedReader::isOpen);
    }

    /// Whether it must count as attached at this moment.
    boolean isHeld() {
      return wanted.stream().anyMatch(SimulatedReader::isOpen);
    }

    void adds(SimulatedReader reader) {
      readers.add(reader);
      if (leaves == left) {
        wanted.add(reader);
      }
    }

    /// A release is on its way, whose effect may come at any moment from now on.
    void leaves() {
      leaves++;
      wanted.clear();
      selection = null;
    }

    void hasLeft() {
      left++;
    }
  }

  /// Everything the steps reach.
  static final class Stage {
    final World world;
    final EntityType<WorkspaceCommand> workspaces;
    final EntityType<Client.Command> clients;
    final Map<Host, SimulatedGateway> gateways = new HashMap<>();
    final Map<String, Seat> seats = new TreeMap<>();
    final Set<String> retired = new HashSet<>();

    Stage(World world) {
      this.world = world;
      workspaces =
          EntityType.remembered(
              "workspace",
              WorkspaceCommand.Stop.STOP,
              place ->
                  Workspace.create(
                      place.id(),
                      PersistenceId.ofUniqueId("workspace-" + place.id()),
                      LIMITS,
                      world.clock(),
                      clients(place.host()),
                      place.shard()));
      clients =
          EntityType.remembered(
              "client",
              Client.Stop.STOP,
              place ->
                  Client.create(
                      place.id(),
                      PersistenceId.ofUniqueId("client-" + place.id()),
                      LIMITS,
                      world.clock(),
                      workspaces(place.host()),
                      place.shard()));
    }

    Door<WorkspaceCommand> workspaces(Host from) {
      return from.door(workspaces)::accept;
    }

    Door<Client.Command> clients(Host from) {
      return from.door(clients)::accept;
    }

    SimulatedGateway at(String host) {
      return gateways.computeIfAbsent(
          world.host(host),
          each ->
              new SimulatedGateway(
                  each, "gateway-" + gateways.size(), workspaces(each), clients(each)));
    }

    Seat seat(int client, String workspace) {
      return seats.computeIfAbsent(name(client) + "/" + workspace, _ -> new Seat());
    }

    /// What the journal says a workspace is.
    WorkspaceState durable(String workspace) {
      WorkspaceState state = WorkspaceState.EMPTY;
      for (Object each : world.journal().events("workspace-" + workspace)) {
        state = state.apply((WorkspaceEvent) each, LIMITS);
      }
      return state;
    }
  }

  private static String name(int client) {
    return "c" + client;
  }

  @Override
  public List<Step> steps(RandomGenerator chance) {
    List<Step> steps = new ArrayList<>();
    while (steps.size() < length) {
      steps.add(step(chance));
    }
    return steps;
  }

  private Step step(RandomGenerator chance) {
    int client = chance.nextInt(CLIENTS);
    String host = any(HOSTS, chance);
    String workspace = any(WORKSPACES, chance);
    String session = any(SESSIONS, chance);
    boolean one = chance.nextBoolean();
    return switch (chance.nextInt(faults ? 40 : 30)) {
      case 0, 1, 2, 3 -> new Step.Create(client, workspace, host);
      case 4, 5, 6, 7, 8 -> new Step.Attach(client, workspace, host);
      case 9, 10, 11, 12 -> new Step.Drop(client, workspace);
      case 13, 14, 15 -> new Step.Select(client, workspace, session);
      case 16, 17 -> new Step.Run(client, workspace, session);
      case 18, 19 -> new Step.Release(client, workspace);
      case 20 -> new Step.Retire(client);
      case 21, 22 -> new Step.Rest(near(LIMITS.detachGrace(), chance));
      case 23 -> new Step.Rest(near(LIMITS.createGrace(), chance));
      case 24, 25, 26, 27, 28, 29 -> new Step.Rest(Duration.ofMillis(chance.nextInt(3_000)));
      case 30, 31 -> new Step.Kill("workspace", workspace);
      case 32 -> new Step.Kill("client", name(client));
      case 33 -> new Step.Move("workspace", workspace, host);
      case 34 -> new Step.Move("client", name(client), host);
      case 35 -> new Step.Crash(host);
      case 36 -> new Step.Stall(Duration.ofMillis(chance.nextInt(8_000)));
      default ->
          new Step.Spoil(
              one ? "workspace-" + workspace : "client-" + name(client), any(FAULTS, chance));
    };
  }

  /// A few milliseconds around a deadline.
  private static Duration near(Duration deadline, RandomGenerator chance) {
    return deadline.plusMillis(chance.nextInt(-20, 20));
  }

  private static <T> T any(List<T> some, RandomGenerator chance) {
    return some.get(chance.nextInt(some.size()));
  }

  @Override
  public Stage open(World world) {
    HOSTS.forEach(world::host);
    world
        .network()
        .conditions(Network.Conditions.CALM.withDelay(Duration.ZERO, Duration.ofMillis(30)));
    if (faults) {
      world
          .network()
          .conditions(
              new Network.Conditions(Duration.ZERO, Duration.ofMillis(30), 0.02, 0.02, 0.01));
      world.journal().conditions(Journal.Conditions.CALM.withFailures(0.003, 0.003, 0.003));
    }
    return new Stage(world);
  }

  @Override
  public void perform(Stage stage, Step step) {
    World world = stage.world;
    switch (step) {
      case Step.Create(int client, String workspace, String host) ->
          create(stage, client, workspace, host);
      case Step.Attach(int client, String workspace, String host) -> {
        Seat seat = stage.seat(client, workspace);
        stage.at(host).attach(name(client), workspace, () -> {}, seat::adds);
      }
      case Step.Drop(int client, String workspace) -> {
        Seat seat = stage.seat(client, workspace);
        seat.readers.stream()
            .filter(SimulatedReader::isOpen)
            .findFirst()
            .ifPresent(SimulatedReader::drop);
        seat.selection = seat.isOpen() ? seat.selection : null;
      }
      case Step.Select(int client, String workspace, String session) ->
          select(stage, client, workspace, session);
      case Step.Run(int client, String workspace, String session) ->
          stage
              .at("n1")
              .ask(
                  workspace,
                  asker ->
                      new WorkspaceCommand.StartRun(name(client), session, "r" + client, asker),
                  _ -> {});
      case Step.Release(int client, String workspace) -> {
        Seat seat = stage.seat(client, workspace);
        seat.leaves();
        stage.at("n1").leave(name(client), workspace, _ -> seat.hasLeft());
      }
      case Step.Retire(int client) -> {
        WORKSPACES.forEach(workspace -> stage.seat(client, workspace).leaves());
        stage.at("n2").retire(name(client), _ -> stage.retired.add(name(client)));
      }
      case Step.Rest(Duration span) -> world.run(span);
      case Step.Kill(String type, String id) -> world.entities().kill(type, id);
      case Step.Move(String type, String id, String host) ->
          world.entities().move(type, id, world.host(host));
      case Step.Crash(String host) -> {
        world.host(host).crash();
        var _ = world.host(host);
        stage
            .seats
            .values()
            .forEach(seat -> seat.selection = seat.isOpen() ? seat.selection : null);
      }
      case Step.Stall(Duration span) -> world.journal().stall(span);
      case Step.Spoil(String id, Fault fault) -> world.journal().next(id, fault);
    }
  }

  /// Whoever creates a workspace sees to it that it has its sessions.
  private static void create(Stage stage, int client, String workspace, String host) {
    SimulatedGateway gateway = stage.at(host);
    gateway.create(
        name(client),
        workspace,
        _ ->
            SESSIONS.forEach(session ->
                gateway.ask(
                    workspace,
                    asker -> new WorkspaceCommand.CreateSession(session, null, asker),
                    _ -> {})),
        () -> {});
  }

  /// What was selected is known when the answer came while a stream was open all the time.
  private static void select(Stage stage, int client, String workspace, String session) {
    Seat seat = stage.seat(client, workspace);
    List<SimulatedReader> open = seat.readers.stream().filter(SimulatedReader::isOpen).toList();
    seat.selection = null;
    stage
        .at("n2")
        .ask(
            workspace,
            asker -> new WorkspaceCommand.Select(name(client), session, asker),
            answer -> {
              boolean still = open.stream().anyMatch(SimulatedReader::isOpen);
              seat.selection = answer == WorkspaceCommand.Done.DONE && still ? session : null;
            });
  }

  @Override
  public List<Invariant<Stage>> always() {
    return List.of(
        new Invariant<>(
            "whose stream is open is attached",
            stage ->
                stage.seats.forEach((seat, known) -> {
                  if (known.isHeld()) {
                    assertThat(claim(stage, seat).isAttached()).as(seat).isTrue();
                  }
                })),
        new Invariant<>(
            "who was told that it has retired has no claim, ever",
            stage ->
                WORKSPACES.forEach(workspace ->
                    assertThat(stage.durable(workspace).claims().all())
                        .as(workspace)
                        .doesNotContainKeys(stage.retired.toArray(String[]::new)))),
        new Invariant<>(
            "a claim that ended never begins again",
            stage -> WORKSPACES.forEach(workspace -> numbersAreUsedOnce(stage, workspace))));
  }

  private static Claim claim(Stage stage, String seat) {
    int slash = seat.indexOf('/');
    return Objects.requireNonNull(
        stage.durable(seat.substring(slash + 1)).claims().of(seat.substring(0, slash)),
        () -> seat + " has no claim");
  }

  private static void numbersAreUsedOnce(Stage stage, String workspace) {
    Map<String, Long> over = new HashMap<>();
    for (Object each : stage.world.journal().events("workspace-" + workspace)) {
      switch ((WorkspaceEvent) each) {
        case WorkspaceEvent.Held held ->
            assertThat(held.n()).isGreaterThan(over.getOrDefault(held.client(), 0L));
        case WorkspaceEvent.Attached attached ->
            assertThat(attached.n()).isGreaterThan(over.getOrDefault(attached.client(), 0L));
        case WorkspaceEvent.Dropped dropped ->
            dropped.claims().forEach(end -> over.merge(end.client(), end.n(), Math::max));
        default -> {}
      }
    }
  }

  @Override
  public List<Invariant<Stage>> onceQuiet() {
    return List.of(
        new Invariant<>(
            "attached is whose stream is open, and nobody else has a claim",
            stage -> {
              Set<String> open = new HashSet<>();
              stage.seats.forEach((seat, known) -> {
                if (known.isOpen()) {
                  open.add(seat);
                }
              });
              Set<String> claims = new HashSet<>();
              for (String workspace : WORKSPACES) {
                stage
                    .durable(workspace)
                    .claims()
                    .all()
                    .keySet()
                    .forEach(client -> claims.add(client + "/" + workspace));
              }
              assertThat(claims).isEqualTo(open);
            }),
        new Invariant<>(
            "a client looks at what it was told it does",
            stage ->
                stage.seats.forEach((seat, known) -> {
                  if (known.isOpen() && known.selection != null) {
                    assertThat(claim(stage, seat).selection()).as(seat).isEqualTo(known.selection);
                  }
                })),
        new Invariant<>(
            "every open stream shows the truth",
            stage ->
                stage.seats.forEach((seat, known) -> {
                  String workspace = seat.substring(seat.indexOf('/') + 1);
                  known.readers.stream()
                      .filter(SimulatedReader::isOpen)
                      .forEach(reader -> reader.shows(stage.durable(workspace).view(workspace)));
                })));
  }
}
