package presence.simulation.whole;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import presence.instance.ChatInstance;
import presence.instance.Flushed;
import presence.instance.Seat;
import presence.protocol.Position;
import presence.protocol.View;
import presence.simulation.Fault;
import presence.simulation.Host;
import presence.simulation.Inbox;
import presence.simulation.Journal;
import presence.simulation.Network;
import presence.simulation.Scenario;
import presence.simulation.World;
import presence.user.Register;

/// Clients of three hosts, in three instances, and everything that may go wrong. What must hold is
/// what the architecture page calls invariants 1 to 10.
final class ClusterScenario implements Scenario<ClusterScenario.Stage, Step> {
  private static final List<String> HOSTS = List.of("n1", "n2", "n3");
  private static final List<String> INSTANCES = List.of("lobby", "chat-garden", Gateways.NARROW);
  private static final List<@Nullable String> PLACES =
      java.util.Arrays.asList("lobby", "garden", "chat~x", "chatter", null);
  private static final List<Fault> FAULTS = List.of(Fault.values());

  /// Two sessions of one person among them, and anonymous ones.
  private static final List<@Nullable String> CLIENTS =
      java.util.Arrays.asList("@ann", "@ann", "@bob", "@cid", null, null);

  private static final List<String> PERSONS = List.of("@ann", "@bob", "@cid");

  private final int length;
  private final boolean faults;

  /// @param faults whether hosts crash, entities die and the journal fails, or only clients do
  ///   things
  ClusterScenario(int length, boolean faults) {
    this.length = length;
    this.faults = faults;
  }

  /// Everything the steps reach.
  record Stage(World world, Gateways gateways, Truth truth, List<SimulatedClient> clients) {}

  @Override
  public List<Step> steps(RandomGenerator chance) {
    List<Step> steps = new ArrayList<>();
    for (int client = 0; client < CLIENTS.size(); client++) {
      steps.add(new Step.Arrive(client, any(HOSTS, chance)));
      steps.add(new Step.Rest(Duration.ofMillis(chance.nextInt(500))));
      steps.add(new Step.Join(client, any(INSTANCES, chance)));
    }
    while (steps.size() < length) {
      steps.add(step(chance));
    }
    return steps;
  }

  private Step step(RandomGenerator chance) {
    int client = chance.nextInt(CLIENTS.size());
    String host = any(HOSTS, chance);
    String instance = any(INSTANCES, chance);
    return switch (chance.nextInt(faults ? 52 : 36)) {
      case 0, 1, 2 -> new Step.Drop(client);
      case 3 -> new Step.Freeze(client);
      case 4, 5, 6, 7, 8 -> new Step.Arrive(client, host);
      case 9, 10 -> new Step.CloseOld(client);
      case 11, 12, 13 -> new Step.Join(client, instance);
      case 14, 15, 16 -> new Step.Leave(client, instance);
      case 17, 18, 19 -> new Step.Go(client, any(PLACES, chance), chance.nextInt(4) > 0);
      case 20, 21, 22 -> new Step.Say(client, instance);
      case 23 -> new Step.Bye(client);
      case 24 -> new Step.Rest(Duration.ofSeconds(chance.nextInt(120)));
      case 25, 26, 27, 28, 29 -> new Step.Rest(Duration.ofMillis(chance.nextInt(3_000)));
      case 30, 31, 32, 33, 34, 35 ->
          new Step.Write(
              client,
              chance.nextInt(CLIENTS.size()),
              chance.nextInt(3) == 0,
              1 + chance.nextInt(3));
      case 36, 37 -> new Step.KillSession(client);
      case 38 -> new Step.KillInstance(instance);
      case 39, 40 -> new Step.MoveSession(client, host);
      case 41 -> new Step.MoveInstance(instance, host);
      case 42 -> new Step.Crash(host);
      case 43 -> new Step.Stall(Duration.ofMillis(chance.nextInt(8_000)));
      case 44, 45 -> new Step.SpoilSession(client, any(FAULTS, chance));
      case 46 -> new Step.KillPerson(any(PERSONS, chance));
      case 47 -> new Step.MovePerson(any(PERSONS, chance), host);
      case 48, 49 -> new Step.SpoilPerson(any(PERSONS, chance), any(FAULTS, chance));
      default -> new Step.SpoilInstance(instance, any(FAULTS, chance));
    };
  }

  private static <T extends @Nullable Object> T any(List<T> some, RandomGenerator chance) {
    return some.get(chance.nextInt(some.size()));
  }

  @Override
  public Stage open(World world) {
    HOSTS.forEach(world::host);
    if (faults) {
      world
          .network()
          .conditions(
              new Network.Conditions(Duration.ZERO, Duration.ofMillis(40), 0.02, 0.02, 0.01));
      world.journal().conditions(Journal.Conditions.CALM.withFailures(0.003, 0.003, 0.003));
    }
    Truth truth = new Truth();
    List<SimulatedClient> clients =
        IntStream.range(0, CLIENTS.size())
            .mapToObj(number -> new SimulatedClient(world, truth, number, CLIENTS.get(number)))
            .toList();
    return new Stage(world, new Gateways(world), truth, clients);
  }

  @Override
  public void perform(Stage stage, Step step) {
    World world = stage.world;
    switch (step) {
      case Step.Arrive(int client, String host) ->
          stage.clients.get(client).arrive(world.host(host), stage.gateways.at(world.host(host)));
      case Step.Drop(int client) -> stage.clients.get(client).drop();
      case Step.Freeze(int client) -> stage.clients.get(client).freeze();
      case Step.CloseOld(int client) -> stage.clients.get(client).closeOld();
      case Step.Join(int client, String instance) -> stage.clients.get(client).join(instance);
      case Step.Leave(int client, String instance) -> stage.clients.get(client).leave(instance);
      case Step.Go(int client, String location, boolean visible) ->
          stage.clients.get(client).go(location, visible);
      case Step.Say(int client, String instance) -> stage.clients.get(client).speak(instance);
      case Step.Write(int client, int to, boolean session, int times) -> {
        for (int each = 0; each < times; each++) {
          write(stage, client, to, session);
        }
      }
      case Step.KillPerson(String person) -> world.entities().kill("user", person);
      case Step.MovePerson(String person, String host) ->
          world.entities().move("user", person, world.host(host));
      case Step.SpoilPerson(String person, Fault fault) ->
          world.journal().next("user-" + person, fault);
      case Step.Bye(int client) -> stage.clients.get(client).bye();
      case Step.Rest(Duration span) -> world.run(span);
      case Step.KillSession(int client) -> {
        String session = stage.clients.get(client).session();
        if (session != null) {
          world.entities().kill("session", session);
        }
      }
      case Step.KillInstance(String instance) -> world.entities().kill("instance", instance);
      case Step.MoveSession(int client, String host) -> {
        String session = stage.clients.get(client).session();
        if (session != null) {
          world.entities().move("session", session, world.host(host));
        }
      }
      case Step.MoveInstance(String instance, String host) ->
          world.entities().move("instance", instance, world.host(host));
      case Step.Crash(String host) -> crash(stage, world.host(host));
      case Step.Stall(Duration span) -> world.journal().stall(span);
      case Step.SpoilSession(int client, Fault fault) -> {
        String session = stage.clients.get(client).session();
        if (session != null) {
          world.journal().next("session-" + session, fault);
        }
      }
      case Step.SpoilInstance(String instance, Fault fault) ->
          world.journal().next("instance-" + instance, fault);
      case Step.KillRegister() -> world.entities().kill("register", Register.ID);
      case Step.Judicial judicial ->
          throw new IllegalArgumentException("there is no operator for " + judicial);
      case Step.Worldly worldly -> WorldScenario.perform(stage, worldly);
    }
  }

  /// Nobody writes to themselves here: a letter and its outcome bear one id, so an acknowledgement
  /// of the letter that is repeated late may be taken for one of the outcome.
  private static void write(Stage stage, int client, int to, boolean session) {
    SimulatedClient recipient = stage.clients.get(to);
    String person = recipient.handle();
    if (to == client || (person != null && person.equals(stage.clients.get(client).handle()))) {
      return;
    }
    String name = session || recipient.handle() == null ? recipient.session() : recipient.handle();
    if (name != null) {
      stage.clients.get(client).write(name);
    }
  }

  private static void crash(Stage stage, Host host) {
    host.crash();
    stage.clients.forEach(client -> client.crashed(host));
    Host next = stage.world.host(host.name());
    assertThat(next.crashed()).isFalse();
  }

  /// Streams are checked by the clients as they read them: no gap, no repeat, one truth at every
  /// seq (3, 4, 5); epochs only grow (1).
  @Override
  public List<Invariant<Stage>> always() {
    return List.of(
        new Invariant<>(
            "nobody is gone before detach + grace (2)",
            stage -> INSTANCES.forEach(instance -> departuresAreDue(stage, instance, grace()))),
        new Invariant<>(
            "capacity is never exceeded (8, 9)",
            stage ->
                stage.clients.stream()
                    .map(client -> client.views().get(Gateways.NARROW))
                    .filter(Objects::nonNull)
                    .forEach(view ->
                        assertThat(view.counts().sessions())
                            .isLessThanOrEqualTo(Gateways.NARROW_CAPACITY))));
  }

  @Override
  public List<Invariant<Stage>> onceQuiet() {
    return List.of(
        new Invariant<>(
            "instances hold what live sessions hold (10)",
            stage -> INSTANCES.forEach(instance -> holdsWhatSessionsHold(stage, instance))),
        new Invariant<>(
            "clients see what the instance holds (6)",
            stage -> INSTANCES.forEach(instance -> clientsSeeTheTruth(stage, instance))),
        new Invariant<>(
            "what was accepted is in the stream, once (7)",
            stage -> stage.clients.forEach(client -> saidOnce(stage, client))),
        new Invariant<>(
            "every wish was answered",
            stage ->
                assertThat(stage.clients)
                    .allSatisfy(each -> assertThat(each.isSettled()).isTrue())),
        new Invariant<>(
            "no direct message is both lost and accepted (7)", ClusterScenario::lettersArrive));
  }

  /// The shortest a lost client's seat is kept. A session that starts again counts its grace from
  /// its restart when nobody claims it within the wait for that: a client that was lost in this
  /// wait had up to as much less.
  private Duration grace() {
    return faults ? Gateways.GRACE.minus(Gateways.RECLAIM_WAIT) : Gateways.GRACE;
  }

  private static void departuresAreDue(Stage stage, String instance, Duration grace) {
    Set<String> seated = new HashSet<>();
    for (Object each : stage.world.journal().events("instance-" + instance)) {
      if (each instanceof Flushed event) {
        for (Seat seat : event.seats()) {
          if (seat.standing() != null) {
            seated.add(seat.session());
          } else if (seated.remove(seat.session())) {
            assertThat(mayBeGone(stage, seat.session(), instance, event.at(), grace))
                .as("%s leaves %s at %d", seat.session(), instance, event.at())
                .isTrue();
          }
        }
      }
    }
  }

  private static boolean mayBeGone(
      Stage stage, String session, String instance, long at, Duration grace) {
    return stage.clients.stream().anyMatch(each -> each.mayBeGone(session, instance, at, grace))
        || stage.clients.stream().noneMatch(each -> each.knows(session));
  }

  /// What waits for a person's next session needs one to come.
  private static void lettersArrive(Stage stage) {
    List<SimulatedClient> everybody = new ArrayList<>(stage.clients);
    Host host = stage.world.host("n1");
    for (String person : PERSONS) {
      SimulatedClient late =
          new SimulatedClient(stage.world, stage.truth, everybody.size(), person);
      everybody.add(late);
      late.arrive(host, stage.gateways.at(host));
    }
    stage.world.run(Duration.ofMinutes(1));
    new Letters(everybody).allArrivedOrHaveAnOutcome();
  }

  private static ChatInstance.@Nullable Cut cut(Stage stage, String instance) {
    Host host = stage.world.host("n1");
    Inbox<ChatInstance.Feed> inbox = host.inbox("reader-" + instance + stage.world.deliveries());
    stage
        .gateways
        .instances(host)
        .tell(instance, new ChatInstance.Subscribe(inbox.ref(), Position.NOWHERE, 0));
    stage.world.run(Duration.ofSeconds(10));
    return inbox.messages().stream()
        .filter(ChatInstance.Cut.class::isInstance)
        .map(ChatInstance.Cut.class::cast)
        .findFirst()
        .orElse(null);
  }

  private static void holdsWhatSessionsHold(Stage stage, String instance) {
    if (stage.clients.stream().anyMatch(each -> each.isUncertain(instance))) {
      return;
    }
    List<SimulatedClient> members =
        stage.clients.stream().filter(each -> each.isOnline() && each.wants(instance)).toList();
    ChatInstance.Cut cut = cut(stage, instance);
    if (cut == null) {
      assertThat(members).isEmpty();
      return;
    }
    assertThat(cut.counts().sessions()).as("sessions of %s", instance).isEqualTo(members.size());
    Set<String> online = new TreeSet<>();
    cut.online().forEach(each -> online.add(each.id()));
    assertThat(online).as("online in %s", instance).isEqualTo(handles(members));
    assertThat(new TreeSet<>(cut.here()))
        .as("here in %s", instance)
        .isEqualTo(handles(members.stream().filter(each -> each.sees(instance)).toList()));
  }

  private static Set<String> handles(Collection<SimulatedClient> clients) {
    Set<String> handles = new TreeSet<>();
    for (SimulatedClient client : clients) {
      if (client.handle() != null) {
        handles.add(client.handle());
      }
    }
    return handles;
  }

  private static void clientsSeeTheTruth(Stage stage, String instance) {
    if (stage.clients.stream().anyMatch(each -> each.isUncertain(instance))) {
      return;
    }
    ChatInstance.Cut cut = cut(stage, instance);
    for (SimulatedClient client : stage.clients) {
      if (client.isOnline() && client.wants(instance)) {
        assertThat(Optional.ofNullable(client.views().get(instance)).map(View::at))
            .as("how far %s is in %s", client.handle(), instance)
            .isEqualTo(Optional.ofNullable(cut).map(ChatInstance.Cut::at));
      }
    }
  }

  private static void saidOnce(Stage stage, SimulatedClient client) {
    Map<String, Integer> times = new HashMap<>();
    for (String instance : INSTANCES) {
      for (Object each : stage.world.journal().events("instance-" + instance)) {
        if (each instanceof Flushed event) {
          event
              .speeches()
              .forEach(speech -> times.merge(instance + ": " + speech.text(), 1, Integer::sum));
        }
      }
    }
    assertThat(times).allSatisfy((text, count) -> assertThat(count).as(text).isEqualTo(1));
    assertThat(times.keySet()).containsAll(client.accepted());
  }
}
