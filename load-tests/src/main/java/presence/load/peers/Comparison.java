package presence.load.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import presence.load.peers.server.CometDServer;
import presence.load.peers.server.NettyServer;

/// A run: the servers of all peers, the parts of the plan, and the page about it.
public final class Comparison {
  private final Plan plan;
  private final Path measured;
  private final Samples samples;
  private final List<String> failures = new ArrayList<>();
  private final List<String> absent = new ArrayList<>();
  private final List<Peer> peers = new ArrayList<>();

  private Comparison(Plan plan, Path measured, Samples samples) throws IOException {
    this.plan = plan;
    this.measured = measured;
    this.samples = samples;
    for (String name : plan.peers()) {
      program(name).ifPresent(program -> peers.add(new Peer(name, program)));
    }
  }

  /// Measures what the plan asks for; the page is written where the plan says, too.
  public static Page run(Plan plan) throws IOException {
    Files.createDirectories(plan.results());
    Path measured = plan.results().resolve("peers.tsv");
    Samples samples = plan.add() ? Samples.read(measured) : new Samples();
    Comparison comparison = new Comparison(plan, measured, samples);
    comparison.measure();
    Page page =
        new Page(samples, plan.size(), Machine.here(), comparison.absent, comparison.failures);
    page.write(plan.results());
    return page;
  }

  private Optional<Peer.Program> program(String name) throws IOException {
    return switch (name) {
      case Peer.OURS -> Optional.of(PresenceServer::new);
      case Peer.NETTY -> {
        Memo memo = PlainTongue.memo();
        yield Optional.of(
            _ -> new JvmServer(NettyServer.class, "/ws", who -> new PlainTongue(who, memo)));
      }
      case "ws" -> {
        Memo memo = PlainTongue.memo();
        yield script(name, "ws.js", "/", who -> new PlainTongue(who, memo));
      }
      case "Socket.IO" -> {
        Memo memo = SocketIoTongue.memo();
        yield script(
            name, "socketio.js", SocketIoTongue.PATH, who -> new SocketIoTongue(who, memo));
      }
      case "CometD" -> {
        Memo memo = CometDTongue.memo();
        yield Optional.of(
            _ -> new JvmServer(CometDServer.class, "/cometd", who -> new CometDTongue(who, memo)));
      }
      default -> throw new IllegalArgumentException("there is no peer " + name);
    };
  }

  private Optional<Peer.Program> script(
      String name, String file, String path, IntFunction<Tongue> tongues) throws IOException {
    Optional<String> missing = Scripts.missing();
    if (missing.isPresent()) {
      absent.add(name + " was not measured: " + missing.get());
      return Optional.empty();
    }
    Path script = Scripts.installed().resolve(file);
    return Optional.of(_ -> new ScriptServer(script, path, tongues));
  }

  private void measure() throws IOException {
    Map<Peer, Server> servers = new LinkedHashMap<>();
    try {
      for (Peer peer : peers) {
        servers.put(peer, peer.program().start(plan.people()));
      }
      if (plan.parts().contains(Plan.Part.ROUNDS)) {
        rounds(servers);
      }
      if (plan.parts().contains(Plan.Part.GROWTH)) {
        growth(servers);
      }
      if (plan.parts().contains(Plan.Part.IDLE)) {
        attempt("idle", () -> Idle.measure(servers, plan, samples));
      }
      servers.values().forEach(this::listen);
    } finally {
      servers.values().forEach(Server::close);
    }
  }

  private void rounds(Map<Peer, Server> servers) throws IOException {
    for (int number = 1; number <= plan.warm(); number++) {
      round(servers, plan.size(), "warm-" + number, _ -> {});
    }
    for (int number = 1; number <= plan.rounds(); number++) {
      round(servers, plan.size(), "round-" + number, samples::add);
    }
  }

  /// One after the other.
  private void round(Map<Peer, Server> servers, Size size, String name, Consumer<Sample> taken)
      throws IOException {
    for (Map.Entry<Peer, Server> each : servers.entrySet()) {
      Peer peer = each.getKey();
      System.out.printf("%s: %s%n", peer.name(), name);
      Round round = new Round(each.getValue(), peer.name(), peer.isOurs(), size, taken);
      attempt(peer.name() + ", " + name, () -> round.run(name));
    }
  }

  private void growth(Map<Peer, Server> servers) throws IOException {
    Size many = new Size(plan.many(), 0, 0, 0, 0, 0);
    for (Map.Entry<Peer, Server> each : servers.entrySet()) {
      for (int number = 1; each.getKey().isOurs() && number <= plan.rounds(); number++) {
        String name = "many-" + number;
        Round round = new Round(each.getValue(), Peer.OURS, true, many, samples::add);
        attempt(name, () -> round.storm(name));
      }
    }
  }

  private void listen(Server server) {
    if (server instanceof PresenceServer ours && !ours.complaints().isEmpty()) {
      failures.add("the node complained: " + ours.complaints().getFirst());
    }
  }

  /// What goes wrong at one peer is told, and the others are measured all the same.
  private void attempt(String what, Runnable job) throws IOException {
    try {
      job.run();
    } catch (IllegalStateException e) {
      failures.add(what + ": " + e.getMessage());
    }
    samples.write(measured); // a run that is broken off keeps what it had
  }
}
