package presence.node;

import static org.apache.pekko.http.javadsl.server.Directives.complete;
import static org.apache.pekko.http.javadsl.server.Directives.concat;

import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.pekko.actor.BootstrapSetup;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.setup.ActorSystemSetup;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.http.javadsl.server.Route;
import org.apache.pekko.japi.function.Function;
import presence.gateway.Callers;
import presence.gateway.http.Failures;
import presence.gateway.http.HttpPort;
import presence.gateway.http.Reply;
import presence.gateway.http.Routes;
import presence.ops.Build;
import presence.ops.Drain;
import presence.ops.Health;
import presence.ops.Health.Check;
import presence.ops.Observations;
import presence.ops.OperatorRoutes;
import presence.ops.metrics.Metrics;
import presence.protocol.ErrorCode;
import presence.store.Journal;
import presence.store.JournalUnavailable;
import presence.store.Upkeep;

/// One node of the cluster, from its journal to its port.
///
/// `open` takes what must be had before others can see the node: its ports, the journal, the actor
/// system. `start` makes it a member and serves clients:
///
/// 1. HTTP answers, so that a supervisor sees it live and not yet ready, while the node joins its
///    cluster or forms one
/// 2. the formation and the secrets of the cluster are known
/// 3. entities and gateway are wired
/// 4. every check of readiness passes
public final class Node implements AutoCloseable {

  /// What wiring yields: the routes for clients, and what readiness depends on from then on.
  record Wired(Route routes, List<Check> checks) {}

  private static final Executor LATER =
      CompletableFuture.delayedExecutor(100, TimeUnit.MILLISECONDS);

  /// Browsers ask for nothing without TLS for a year, once they were here with it.
  private static final HttpHeader ONLY_TLS =
      RawHeader.create("Strict-Transport-Security", "max-age=31536000");

  private static final Duration IDLE_MIN = Duration.ofSeconds(60);
  private static final Duration STOP_MAX = Duration.ofSeconds(60);

  private final NodeConfig config;
  private final InstantSource clock;
  private final Journal journal;
  private final Upkeep upkeep;
  private final ActorSystem<Void> system;
  private final Metrics metrics;
  private final Observations observations;
  private final Membership membership;
  private final Callers callers;
  private final Optional<Tls> tls;
  private final Check regions;
  private final Health health;
  private final Drain drain;
  private final Executor blocking = task -> Thread.ofVirtual().name("node-start").start(task);
  private volatile Wired wired;
  private volatile Function<HttpRequest, CompletionStage<HttpResponse>> handler;

  private Node(
      NodeConfig config, InstantSource clock, Optional<Tls> tls, Journal journal, Metrics metrics) {
    this.config = config;
    this.clock = clock;
    this.tls = tls;
    this.journal = journal;
    this.metrics = metrics;
    this.system =
        ActorSystem.create(
            Behaviors.empty(),
            NodeConfig.system(),
            ActorSystemSetup.create(
                BootstrapSetup.create(config.pekko(journal.config())), metrics.instruments()));
    this.upkeep = Upkeep.of(journal, config.store(), clock);
    this.membership = new Membership(system);
    this.callers = new Limits(config.presence()).callers(clock, metrics.gateway());
    this.drain = new Drain(system);
    metrics.watches(drain::begun);
    this.observations = Observations.of(Build.current(), clock, drain::begun, metrics);
    this.regions = ShardRegions.registered(system);
    this.health = new Health(Build.current(), clock.instant(), this::checks);
    this.wired =
        new Wired(
            complete(Reply.error(ErrorCode.UNAVAILABLE, "this node is starting")),
            List.of(new Check("start", () -> CompletableFuture.completedFuture(false))));
    this.handler = handler(wired);
    system.classicSystem().registerOnTermination(this::closeJournal);
  }

  /// Opens a node: its journal and its actor system.
  ///
  /// @throws ConfigurationError if a port is taken, or certificates or the journal cannot be used
  public static Node open(NodeConfig config) {
    Ports.requireFree(config.presence(), "http-port", config.host(), config.httpPort());
    Ports.requireFree(
        config.presence(), "cluster-port", config.clusterHost(), config.clusterPort());
    if (config.bootstrap().isWanted()) {
      Ports.requireFree(
          config.presence(), "management-port", config.host(), config.bootstrap().managementPort());
    }
    var tls = Tls.of(config.presence());
    ClusterTls.of(config.presence()).check(config.presence());
    var journal = journal(config);
    try {
      var clock = InstantSource.system();
      return new Node(config, clock, tls, journal, new Metrics(Build.current(), clock));
    } catch (RuntimeException e) {
      journal.close();
      throw e;
    }
  }

  /// Starts the node; completes with its URL when it is ready, and fails with a
  /// [ConfigurationError] if its port was taken meanwhile.
  public CompletionStage<URI> start() {
    var rehearsed = Rehearsal.of(system, blocking);
    var up = membership.join(config, journal.facts(), upkeep, blocking).thenCompose(_ -> rehearsed);
    return bind()
        .thenCompose(port ->
            up.thenRunAsync(() -> serve(port), blocking)
                .thenCompose(_ -> ready())
                .thenApply(_ -> url(port)));
  }

  /// What it waits for before it is ready; empty when it is.
  List<String> waitsFor() {
    return health.waitsFor().toCompletableFuture().join();
  }

  /// The actor system, for tests and for who drives its entities without sockets.
  public ActorSystem<Void> system() {
    return system;
  }

  /// Stops the node in order and waits until it has.
  @Override
  public void close() {
    CoordinatedShutdown.get(system).runAll(CoordinatedShutdown.actorSystemTerminateReason());
    system
        .getWhenTerminated()
        .toCompletableFuture()
        .orTimeout(STOP_MAX.toSeconds(), TimeUnit.SECONDS)
        .join();
  }

  private void serve(HttpPort port) {
    wired = wire(port.number());
    handler = handler(wired);
  }

  /// Starts the entities and the gateway of this node: the one place where the parts meet.
  private Wired wire(int httpPort) {
    var facts = journal.facts();
    var secrets = facts.secrets();
    var formation = membership.formation(facts, clock);
    system.log().info("Member of the cluster formed at {}", formation.formedAt());
    var tokens = Tokens.of(config.access(), secrets, clock, system);
    var wiring =
        Wiring.start(
            system, config, httpPort, clock, secrets, formation, tokens.verifier(), observations);
    drain.sendsAway(wiring.connections(), wiring.spectators(), wiring.workspaces().streams());
    return new Wired(
        concat(
            Routes.of(wiring.site(system, config, callers, tokens, drain::begun)),
            new OperatorRoutes(system, config.access().adminToken()).route()),
        List.of(drain.notBegun()));
  }

  private static Journal journal(NodeConfig config) {
    try {
      return Journal.open(config.journal(), config.store(), new SecureRandom());
    } catch (JournalUnavailable e) {
      throw Settings.error(config.presence(), "journal", String.valueOf(e.getMessage()));
    }
  }

  private CompletionStage<HttpPort> bind() {
    var limits = new Limits(config.presence());
    return HttpPort.bind(
            system,
            new HttpPort.Terms(
                config.host(),
                config.httpPort(),
                tls.map(each -> each::engine),
                idleMax(),
                System::nanoTime,
                callers,
                limits.proxies(),
                limits.firstRequest()),
            this::handle)
        .thenApply(port -> {
          drain.unbinds(port);
          tls.ifPresent(this::keepLookingAt);
          return port;
        })
        .exceptionally(failure -> {
          throw Ports.taken(
              config.presence(), "http-port", config.host(), config.httpPort(), failure);
        });
  }

  private void keepLookingAt(Tls files) {
    var every = config.presence().getDuration("tls.look-every");
    system
        .scheduler()
        .scheduleWithFixedDelay(
            every, every, () -> blocking.execute(files::look), system.executionContext());
  }

  /// Longer than any connection that is in use is silent: a WebSocket has its pings, a stream its
  /// comments. So this ends only those that nobody uses any more, or never did.
  private Duration idleMax() {
    var ping = config.presence().getDuration("ping");
    var comment = config.presence().getDuration("http.comment-every");
    var longest = ping.compareTo(comment) > 0 ? ping : comment;
    var idle = longest.multipliedBy(3);
    return idle.compareTo(IDLE_MIN) > 0 ? idle : IDLE_MIN;
  }

  private CompletionStage<HttpResponse> handle(HttpRequest request) throws Exception {
    var answer = handler.apply(request);
    return tls.isPresent() ? answer.thenApply(each -> each.addHeader(ONLY_TLS)) : answer;
  }

  private Function<HttpRequest, CompletionStage<HttpResponse>> handler(Wired wired) {
    return Failures.sealed(concat(health.routes(), metrics.route(), wired.routes()))
        .function(system);
  }

  private List<Check> checks() {
    return Stream.concat(
            Stream.of(
                check(membership.waitsFor(), membership.isUp()),
                check("journal", upkeep.journalReachable()),
                regions),
            wired.checks().stream())
        .toList();
  }

  private static Check check(String waitsFor, boolean passes) {
    return new Check(waitsFor, () -> CompletableFuture.completedFuture(passes));
  }

  /// Completes when the node is ready; asks again while it is not.
  private CompletionStage<Void> ready() {
    return health
        .waitsFor()
        .thenCompose(waitsFor ->
            waitsFor.isEmpty()
                ? CompletableFuture.completedFuture(null)
                : CompletableFuture.runAsync(() -> {}, LATER).thenCompose(_ -> ready()));
  }

  private URI url(HttpPort port) {
    var host = config.host().contains(":") ? "[" + config.host() + "]" : config.host();
    return URI.create((tls.isPresent() ? "https://" : "http://") + host + ":" + port.number());
  }

  /// After the last actor: the plugin's pool, registered later, is closed before.
  private void closeJournal() {
    upkeep.close();
    journal.close();
    metrics.close();
  }
}
