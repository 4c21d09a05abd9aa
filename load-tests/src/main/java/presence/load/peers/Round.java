package presence.load.peers;

import java.time.Duration;
import java.util.function.Consumer;
import presence.load.Swarm;

/// All jobs with one server, once: in a room that is empty at first and afterwards.
final class Round {
  private final Server server;
  private final String peer;
  private final boolean ours;
  private final Size size;
  private final Consumer<Sample> samples;

  /// @param ours whether the server does what only ours is asked
  Round(Server server, String peer, boolean ours, Size size, Consumer<Sample> samples) {
    this.server = server;
    this.peer = peer;
    this.ours = ours;
    this.size = size;
    this.samples = samples;
  }

  void run(String name) {
    int members = size.members();
    int deliveries = members * size.single();
    int comers = Math.max(1, size.changes() / 2);
    try (Swarm swarm = Swarm.ofBrowsers(server.address())) {
      Room room =
          new Room(
              swarm, server, name, members, ours ? Math.max(comers, Size.BUSY_VISITORS) : comers);
      measure(Job.CONNECT, room, members, room::connect);
      measure(Job.JOIN, room, members, room::join);
      measure(Job.ONE, room, deliveries, () -> room.talk(size.single(), 1));
      measure(
          Job.PACED,
          room,
          members * size.paced(),
          () -> Pace.keep(Size.MESSAGE_EVERY, size.paced(), room::say));
      measure(
          Job.MANY, room, members * size.flying(), () -> room.talk(size.flying(), Size.IN_FLIGHT));
      room.invite();
      measure(Job.CHANGES, room, 2 * comers, () -> changes(room, comers));
      if (ours) {
        measure(Job.BUSY, room, size.busy(), () -> busy(room));
      }
      room.close();
    }
  }

  /// Only as many as can be, and who is told of whom.
  void storm(String name) {
    try (Swarm swarm = Swarm.ofBrowsers(server.address())) {
      Room room = new Room(swarm, server, name, size.members(), 0);
      room.connect();
      measure(Job.GROWTH, room, size.members(), room::join);
      room.close();
    }
  }

  /// Everybody is told of everyone who comes, then of everyone who leaves.
  private static void changes(Room room, int comers) {
    Pace.keep(Size.CHANGE_EVERY, 2 * comers, turn -> room.turn(turn % comers));
    room.settle();
    long least = room.least(Member::changes);
    long most = room.most(Member::changes);
    if (least != 2L * comers || most != least) {
      throw new IllegalStateException(
          "of %d changes a member was told of %d, another of %d"
              .formatted(2 * comers, least, most));
    }
  }

  private void busy(Room room) {
    Pace.keep(Size.BUSY_EVERY, size.busy(), turn -> room.turn(turn % Size.BUSY_VISITORS));
    room.settle();
  }

  private void measure(Job job, Room room, double times, Runnable work) {
    room.reset();
    Duration before = server.cpu();
    long began = System.nanoTime();
    work.run();
    double seconds = (System.nanoTime() - began) / 1e9;
    double cpu = server.cpu().minus(before).toNanos() / 1e9;
    samples.accept(
        new Sample(
            peer,
            job,
            job.cost(cpu, times),
            room.most(Member::frames),
            room.most(Member::bytes),
            seconds));
  }
}
