package presence.simulation.whole;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.random.RandomGenerator;
import presence.simulation.Fault;
import presence.simulation.Host;
import presence.simulation.Inbox;
import presence.simulation.Scenario;
import presence.simulation.World;
import presence.simulation.whole.Step.Judicial;
import presence.user.Register;
import presence.user.SanctionCommand;
import presence.user.Sanctions;
import presence.user.Sentence;

/// Clients who come, go and speak, an operator who bans and mutes them, and everything that may go
/// wrong: what was answered holds, whoever died since; what ended is over; and what the register
/// lists is what is in force.
final class SanctionScenario implements Scenario<SanctionScenario.Stage, Step> {
  private static final List<String> HOSTS = List.of("n1", "n2", "n3");
  private static final List<String> INSTANCES = List.of("lobby", "chat-garden");
  private static final List<String> PERSONS = List.of("@ann", "@bob", "@cid");
  private static final List<String> PLACES = List.of("lobby", "chat-garden", Sanctions.EVERYWHERE);
  private static final int CLIENTS = 6;

  /// Either over when everything is quiet, or far from it.
  private static final List<Duration> SPANS = List.of(Duration.ofSeconds(5), Duration.ofDays(1));

  private final ClusterScenario cluster;
  private final int length;

  SanctionScenario(int length) {
    this.cluster = new ClusterScenario(length, true);
    this.length = length;
  }

  /// Everything the steps reach.
  record Stage(ClusterScenario.Stage cluster, Operator operator) {
    World world() {
      return cluster.world();
    }

    List<SimulatedClient> clients() {
      return cluster.clients();
    }
  }

  @Override
  public List<Step> steps(RandomGenerator chance) {
    List<Step> steps = new ArrayList<>();
    for (int client = 0; client < CLIENTS; client++) {
      steps.add(new Step.Arrive(client, any(HOSTS, chance)));
      steps.add(new Step.Rest(Duration.ofMillis(chance.nextInt(300))));
      for (String instance : INSTANCES) {
        steps.add(new Step.Join(client, instance));
      }
    }
    while (steps.size() < length) {
      steps.add(step(chance));
    }
    return steps;
  }

  private Step step(RandomGenerator chance) {
    int client = chance.nextInt(CLIENTS);
    String host = any(HOSTS, chance);
    String person = any(PERSONS, chance);
    return switch (chance.nextInt(40)) {
      case 0, 1 -> new Step.Drop(client);
      case 2, 3, 4, 5, 6 -> new Step.Arrive(client, host);
      case 7, 8, 9, 10 -> new Step.Say(client, any(INSTANCES, chance));
      case 11, 12, 13, 14 -> new Step.Ban(person, any(SPANS, chance));
      case 15, 16, 17 -> new Step.Pardon(person);
      case 18, 19, 20, 21 -> new Step.Mute(person, any(PLACES, chance), any(SPANS, chance));
      case 22, 23, 24 -> new Step.Unmute(person, any(PLACES, chance));
      case 25, 26 -> new Step.Rest(Duration.ofSeconds(chance.nextInt(60)));
      case 27, 28, 29 -> new Step.Rest(Duration.ofMillis(chance.nextInt(3_000)));
      case 30, 31 -> new Step.KillPerson(person);
      case 32 -> new Step.MovePerson(person, host);
      case 33, 34 -> new Step.SpoilPerson(person, any(List.of(Fault.values()), chance));
      case 35 -> new Step.KillSession(client);
      case 36 -> new Step.KillRegister();
      case 37 -> new Step.Crash(host);
      case 38 -> new Step.Stall(Duration.ofMillis(chance.nextInt(8_000)));
      default -> new Step.SpoilSession(client, any(List.of(Fault.values()), chance));
    };
  }

  private static <T> T any(List<T> some, RandomGenerator chance) {
    return some.get(chance.nextInt(some.size()));
  }

  @Override
  public Stage open(World world) {
    ClusterScenario.Stage opened = cluster.open(world);
    return new Stage(opened, new Operator(world, opened.gateways()));
  }

  @Override
  public void perform(Stage stage, Step step) {
    if (step instanceof Judicial decision) {
      stage.operator.decides(decision);
    } else {
      cluster.perform(stage.cluster, step);
    }
    stage.operator.works();
  }

  @Override
  public List<Invariant<Stage>> always() {
    return List.of();
  }

  @Override
  public List<Invariant<Stage>> onceQuiet() {
    return List.of(
        new Invariant<>("every decision is answered", SanctionScenario::everythingIsAnswered),
        new Invariant<>("what was answered is in force", SanctionScenario::whatIsKnownIsInForce),
        new Invariant<>("the register lists that, and nothing else", SanctionScenario::isListed),
        new Invariant<>(
            "whoever is banned is away and stays away", SanctionScenario::theBannedAreAway),
        new Invariant<>("whoever is muted says nothing", SanctionScenario::theMutedAreSilent));
  }

  private static void everythingIsAnswered(Stage stage) {
    for (int each = 0; each < 200 && !stage.operator.isDone(); each++) {
      stage.world().run(Duration.ofSeconds(2));
      stage.operator.works();
    }
    assertThat(stage.operator.isDone()).isTrue();
    stage.world().run(Duration.ofMinutes(1));
  }

  private static void whatIsKnownIsInForce(Stage stage) {
    Host office = stage.operator.office();
    long now = stage.world().clock().millis();
    for (String person : PERSONS) {
      Inbox<Sanctions> answers = office.inbox("inquiry-" + person + stage.world().deliveries());
      stage
          .cluster
          .gateways()
          .users(office)
          .tell(person, new SanctionCommand.Inquire(answers.ref()));
      stage.world().run(Duration.ofSeconds(10));
      Sanctions inForce = answers.messages().getFirst();
      Operator.Known known = stage.operator.of(person);
      Sentence ban = inForce.ban();
      assertThat(ban == null ? 0 : ban.until())
          .as("the end of the ban of %s", person)
          .isEqualTo(known.isBanned(now) ? known.banEnd() : 0);
      for (String instance : INSTANCES) {
        assertThat(isMuted(inForce, instance, now))
            .as("whether %s is muted in %s", person, instance)
            .isEqualTo(known.isMuted(instance, now));
      }
    }
  }

  private static boolean isMuted(Sanctions sanctions, String instance, long now) {
    return List.of(instance, Sanctions.EVERYWHERE).stream()
        .map(sanctions.mutes()::get)
        .filter(Objects::nonNull)
        .anyMatch(each -> each.isInForce(now));
  }

  private static void isListed(Stage stage) {
    Host office = stage.operator.office();
    Inbox<Register.Page> answers = office.inbox("list-" + stage.world().deliveries());
    stage
        .cluster
        .gateways()
        .registers(office)
        .tell(Register.ID, new Register.Read("", 100, answers.ref()));
    stage.world().run(Duration.ofSeconds(10));
    assertThat(answers.messages().getFirst().lines())
        .extracting(Register.Line::person)
        .isEqualTo(stage.operator.listed());
  }

  private static void theBannedAreAway(Stage stage) {
    long now = stage.world().clock().millis();
    for (SimulatedClient client : persons(stage)) {
      if (known(stage, client).isBanned(now)) {
        assertThat(client.isOnline()).as("%s is banned and online", client.handle()).isFalse();
      }
    }
    everybodyArrives(stage);
    for (SimulatedClient client : persons(stage)) {
      assertThat(client.isOnline())
          .as("%s came again and is online", client.handle())
          .isEqualTo(!known(stage, client).isBanned(now));
    }
  }

  private static void theMutedAreSilent(Stage stage) {
    everybodyArrives(stage);
    Map<SimulatedClient, Integer> before = new HashMap<>();
    for (String instance : INSTANCES) {
      before.clear();
      persons(stage)
          .forEach(client -> {
            before.put(client, client.accepted().size());
            client.speak(instance);
          });
      stage.world().run(Duration.ofSeconds(30));
      long now = stage.world().clock().millis();
      for (SimulatedClient client : persons(stage)) {
        if (client.isOnline() && client.wants(instance) && !client.isUncertain(instance)) {
          assertThat(client.accepted().size() > before.getOrDefault(client, 0))
              .as("whether %s could speak in %s", client.handle(), instance)
              .isEqualTo(!known(stage, client).isMuted(instance, now));
        }
      }
    }
  }

  private static void everybodyArrives(Stage stage) {
    Host host = stage.world().host("n1");
    persons(stage).forEach(client -> client.arrive(host, stage.cluster.gateways().at(host)));
    stage.world().run(Duration.ofSeconds(30));
  }

  private static List<SimulatedClient> persons(Stage stage) {
    return stage.clients().stream().filter(each -> each.handle() != null).toList();
  }

  private static Operator.Known known(Stage stage, SimulatedClient client) {
    return stage.operator.of(String.valueOf(client.handle()));
  }
}
