package presence.node;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Props;
import presence.auth.SessionIds;
import presence.auth.TokenVerifier;
import presence.cluster.ClusterSecrets;
import presence.cluster.Door;
import presence.cluster.Formation;
import presence.gateway.Callers;
import presence.gateway.Connections;
import presence.gateway.Datagrams;
import presence.gateway.GatewayMeter;
import presence.gateway.Relay;
import presence.gateway.Relays;
import presence.gateway.Surroundings;
import presence.gateway.Watches;
import presence.gateway.WorldRelay;
import presence.gateway.WorldRelays;
import presence.gateway.http.EntityKinds;
import presence.gateway.http.InstanceNames;
import presence.gateway.http.Site;
import presence.gateway.http.Spectators;
import presence.gateway.http.WorkspaceDoors;
import presence.gateway.http.WorkspaceStreams;
import presence.instance.ChatInstance;
import presence.instance.Instances;
import presence.ops.Observations;
import presence.ops.Observer;
import presence.ops.ShardWatch;
import presence.ops.metrics.Metrics;
import presence.protocol.Codec;
import presence.session.Doors;
import presence.session.SessionCommand;
import presence.session.SessionSurroundings;
import presence.session.Sessions;
import presence.session.WorldTies;
import presence.user.User;
import presence.user.Users;
import presence.workspace.WorkspaceCommand;
import presence.workspace.Workspaces;
import presence.world.World;
import presence.world.Worlds;

/// The parts of a node that serve clients, each given what it needs.
record Wiring(
    Surroundings gateway,
    ActorRef<Connections.Command> connections,
    ActorRef<Spectators.Command> spectators,
    WorkspaceDoors workspaces,
    Door<ChatInstance.Command> instances) {

  /// Starts the entities and the gateway of this node.
  ///
  /// @param httpPort the one it listens on
  static Wiring start(
      ActorSystem<Void> system,
      NodeConfig config,
      int httpPort,
      InstantSource clock,
      ClusterSecrets secrets,
      Formation formation,
      TokenVerifier tokens,
      Observations observations) {
    Metrics metrics = observations.metrics();
    Limits limits = new Limits(config.presence());
    Door<SessionCommand> sessions = Sessions.door(system);
    Door<ChatInstance.Command> instances = Instances.door(system);
    Door<User.Command> users = Users.door(system);
    Door<World.Command> worlds = Worlds.door(system);
    Instances.start(
        system,
        limits.instance(),
        clock,
        (session, instance, n) -> sessions.tell(session, new SessionCommand.RollCall(instance, n)),
        observations.instanceMeter());
    Doors doors = new Doors(sessions, users, Users.registers(system));
    Users.start(system, limits.user(), clock, doors, metrics.mail());
    Sessions.start(
        system,
        limits.session(),
        clock,
        formation,
        limits.pieces(),
        instances,
        worlds,
        doors,
        Filtering.of(config.presence()),
        new SessionSurroundings.Meters(observations.sessionMeter(), metrics.mail()));
    Worlds.start(
        system, limits.world(), clock, formation, new WorldTies(sessions), metrics.worlds());

    Workspaces.start(system, limits.workspace(), clock);

    var _ =
        system.systemActorOf(
            ShardWatch.create(EntityKinds.ALL, metrics.shards()), "shard-watch", Props.empty());
    var _ = system.systemActorOf(Observer.create(observations), "observer", Props.empty());

    Codec codec = new Codec(limits.frameBytes(), limits.frameDepth());
    ActorRef<Relays.Command> relays =
        system.systemActorOf(
            Relays.create(
                new Relay.Settings(
                    limits.replica(),
                    limits.cuts(),
                    limits.rosterFullMax(),
                    limits.relayPace(),
                    limits.patience(),
                    codec,
                    clock,
                    instances,
                    metrics.gateway())),
            "relays",
            Props.empty());
    ActorRef<Watches.Command> watches =
        system.systemActorOf(
            Watches.create(users, limits.watchKeepAlive()), "watches", Props.empty());
    RandomGenerator random = new SecureRandom();
    Datagrams datagrams = Udp.open(system, config, httpPort, clock, random);
    metrics.datagrams().counts(datagrams::traffic);
    Surroundings gateway =
        new Surroundings(
            limits.gateway(),
            !config.access().open(),
            config.access().nobody().orElse(null),
            codec,
            clock,
            random,
            new SessionIds(secrets.sessionIds().getEncoded()),
            tokens,
            sessions,
            users,
            relays,
            worldRelays(system, limits, codec, clock, worlds, metrics.gateway()),
            watches,
            datagrams,
            metrics.gateway());
    ActorRef<Connections.Command> connections =
        system.systemActorOf(
            Connections.create(gateway, limits.draining()), "connections", Props.empty());
    ActorRef<Spectators.Command> spectators =
        system.systemActorOf(
            Spectators.create(gateway, limits.http(), limits.draining()),
            "spectators",
            Props.empty());
    return new Wiring(
        gateway, connections, spectators, workspaces(system, limits, random), instances);
  }

  private static ActorRef<WorldRelays.Command> worldRelays(
      ActorSystem<Void> system,
      Limits limits,
      Codec codec,
      InstantSource clock,
      Door<World.Command> worlds,
      GatewayMeter meter) {
    return system.systemActorOf(
        WorldRelays.create(
            new WorldRelay.Settings(
                limits.plain(),
                limits.gatherMoves(),
                limits.world().tick(),
                limits.relayPace(),
                limits.patience(),
                codec,
                clock,
                worlds,
                meter)),
        "world-relays",
        Props.empty());
  }

  private static WorkspaceDoors workspaces(
      ActorSystem<Void> system, Limits limits, RandomGenerator random) {
    Door<WorkspaceCommand> workspaces = Workspaces.door(system);
    return new WorkspaceDoors(
        workspaces,
        Workspaces.clients(system),
        system.systemActorOf(
            WorkspaceStreams.create(workspaces, limits.workspaceStreams(), random),
            "workspace-streams",
            Props.empty()));
  }

  /// What the routes are given.
  Site site(
      ActorSystem<Void> system,
      NodeConfig config,
      Callers callers,
      Tokens tokens,
      BooleanSupplier draining) {
    Limits limits = new Limits(config.presence());
    return new Site(
        system,
        gateway,
        connections,
        spectators,
        workspaces,
        instances,
        Users.registers(system),
        InstanceNames.ofCluster(system),
        config.origins(),
        limits.proxies(),
        callers,
        config.publicUrl(),
        tokens.development(),
        config.access().adminToken(),
        draining,
        limits.http());
  }
}
