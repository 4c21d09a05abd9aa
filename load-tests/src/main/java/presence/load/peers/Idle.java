package presence.load.peers;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import presence.load.Swarm;

/// Joined members who say nothing, at all servers at the same time: what they cost each second, and
/// what they hold.
final class Idle {
  /// Longer than any of the servers waits before it asks for a sign of life.
  private static final Duration WATCHED = Duration.ofSeconds(60);

  private Idle() {}

  static void measure(Map<Peer, Server> servers, Plan plan, Samples samples) {
    int members = plan.size().members();
    List<Swarm> swarms = new ArrayList<>();
    Map<Peer, Room> rooms = new LinkedHashMap<>();
    Map<Peer, Long> empty = new LinkedHashMap<>();
    try {
      servers.values().forEach(server -> warm(server, plan));
      Pace.passes(plan.settle()); // a session whose client is gone is held until its grace is over
      servers.forEach((peer, server) -> {
        empty.put(peer, server.memory());
        Swarm swarm = Swarm.ofBrowsers(server.address());
        swarms.add(swarm);
        Room room = new Room(swarm, server, "idle", members, 0);
        rooms.put(peer, room);
        room.connect();
        room.join();
        room.reset();
      });
      Pace.passes(plan.settle());
      watch(servers, rooms, members, samples);
      servers.forEach((peer, server) -> {
        double held = server.memory() - Objects.requireNonNull(empty.get(peer));
        add(
            samples,
            peer,
            Job.MEMORY,
            held,
            members,
            Objects.requireNonNull(rooms.get(peer)),
            plan.settle());
      });
      rooms.values().forEach(Room::close);
    } finally {
      swarms.forEach(Swarm::close);
    }
  }

  /// What a server keeps for good once anybody was there is not a member's.
  private static void warm(Server server, Plan plan) {
    try (Swarm swarm = Swarm.ofBrowsers(server.address())) {
      Room room = new Room(swarm, server, "before", plan.size().members(), 0);
      room.connect();
      room.join();
      room.close();
    }
  }

  private static void watch(
      Map<Peer, Server> servers, Map<Peer, Room> rooms, int members, Samples samples) {
    Map<Peer, Duration> before = new LinkedHashMap<>();
    rooms.values().forEach(Room::reset);
    long began = System.nanoTime();
    servers.forEach((peer, server) -> before.put(peer, server.cpu()));
    Pace.passes(WATCHED);
    Duration watched = Duration.ofNanos(System.nanoTime() - began);
    servers.forEach((peer, server) -> {
      double cpu = server.cpu().minus(Objects.requireNonNull(before.get(peer))).toNanos() / 1e9;
      double times = members * (watched.toNanos() / 1e9);
      add(samples, peer, Job.IDLE, cpu, times, Objects.requireNonNull(rooms.get(peer)), watched);
    });
  }

  private static void add(
      Samples samples, Peer peer, Job job, double total, double times, Room room, Duration took) {
    samples.add(
        new Sample(
            peer.name(),
            job,
            job.cost(total, times),
            room.most(Member::frames),
            room.most(Member::bytes),
            took.toNanos() / 1e9));
  }
}
