package presence.load.scale;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Props;
import presence.auth.SessionIds;
import presence.instance.Instances;
import presence.load.process.NodeProcess;
import presence.node.Node;
import presence.node.NodeConfig;
import presence.session.Sessions;

/// A node as it always is, and in the same JVM those who drive its sessions without sockets. Does
/// what it is told on standard input, one line each: `WARM`, or a [Step] and how many rooms do it.
///
/// System properties: `sessions`, `room`, `at.once` (rooms that do something at the same time),
/// `warm` (sessions that go through all steps before anything is measured).
public final class Population {
  /// The first line: the code is compiled before it is measured.
  public static final String WARM = "WARM";

  private static final int KEY_BYTES = 32;

  private final ActorSystem<Void> system;
  private final Room.Doors doors;
  private final SessionIds mint = new SessionIds(new byte[KEY_BYTES]);
  private final RandomGenerator random = new Random(1);

  private Population(ActorSystem<Void> system) {
    this.system = system;
    this.doors = new Room.Doors(Sessions.door(system), Instances.door(system));
  }

  public static void main(String[] args) throws IOException {
    Node node = Node.open(NodeConfig.load(System.getenv()));
    URI url = node.start().toCompletableFuture().join();
    Population population = new Population(node.system());
    ActorRef<Hall.Command> hall = population.hall("room", Integer.getInteger("sessions"));
    System.out.println(NodeProcess.READY + url);
    BufferedReader orders =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = orders.readLine(); line != null; line = orders.readLine()) {
      Outcome outcome = line.equals(WARM) ? population.warm() : run(hall, line.split(" "));
      System.out.println(NodeProcess.ANSWER + outcome.line());
    }
    System.exit(0); // who drives is gone
  }

  private Outcome warm() {
    ActorRef<Hall.Command> hall = hall("warm", Integer.getInteger("warm"));
    return EnumSet.allOf(Step.class).stream()
        .map(step -> run(hall, step, Integer.MAX_VALUE))
        .reduce(Outcome.NOTHING, Outcome::plus);
  }

  private static Outcome run(ActorRef<Hall.Command> hall, String[] order) {
    return run(hall, Step.valueOf(order[0]), Integer.parseInt(order[1]));
  }

  private static Outcome run(ActorRef<Hall.Command> hall, Step step, int rooms) {
    CompletableFuture<Outcome> whenDone = new CompletableFuture<>();
    hall.tell(new Hall.Run(step, rooms, whenDone));
    return whenDone.join();
  }

  private ActorRef<Hall.Command> hall(String name, int sessions) {
    int room = Integer.getInteger("room");
    return system.systemActorOf(
        Hall.create(
            sessions / room,
            Integer.getInteger("at.once"),
            number -> Room.create(doors, Guests.of(name + "-" + number, room, mint, random))),
        name + "s",
        Props.empty());
  }
}
