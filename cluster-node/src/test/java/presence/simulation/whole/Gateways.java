package presence.simulation.whole;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.persistence.typed.PersistenceId;
import presence.auth.Principal;
import presence.auth.Right;
import presence.auth.SessionIds;
import presence.auth.TokenVerifier.Verdict;
import presence.cluster.Door;
import presence.cluster.Formation;
import presence.gateway.Connections;
import presence.gateway.Cuts;
import presence.gateway.Datagrams;
import presence.gateway.GatewayLimits;
import presence.gateway.GatewayMeter;
import presence.gateway.HeldOrders;
import presence.gateway.Plain;
import presence.gateway.Relay;
import presence.gateway.Relays;
import presence.gateway.Replica;
import presence.gateway.Surroundings;
import presence.gateway.Watches;
import presence.gateway.WorldRelay;
import presence.gateway.WorldRelays;
import presence.instance.ChatInstance;
import presence.instance.InstanceLimits;
import presence.instance.InstanceMeter;
import presence.instance.InstanceSurroundings;
import presence.instance.Pace;
import presence.instance.Pieces;
import presence.protocol.Codec;
import presence.protocol.Handle;
import presence.protocol.ServerMessage;
import presence.session.Doors;
import presence.session.Rate;
import presence.session.SessionCommand;
import presence.session.SessionLimits;
import presence.session.SessionSurroundings;
import presence.session.UserSession;
import presence.session.WordFilter;
import presence.session.WorldTies;
import presence.simulation.EntityType;
import presence.simulation.Host;
import presence.simulation.World;
import presence.user.MailLimits;
import presence.user.MailMeter;
import presence.user.Pauses;
import presence.user.Register;
import presence.user.User;
import presence.user.UserLimits;
import presence.user.UserSurroundings;
import presence.world.AvatarIds;
import presence.world.WorldLimits;

/// A cluster as a node wires it, with the limits of its configuration, on the hosts of a world.
final class Gateways {
  static final Duration GRACE = Duration.ofSeconds(90);
  static final Duration PING = Duration.ofSeconds(25);
  static final Duration RECLAIM_WAIT = Duration.ofSeconds(5);
  static final Codec CODEC = new Codec(64 * 1024, 32);

  /// The instance that admits only so many sessions.
  static final String NARROW = "narrow";

  static final int NARROW_CAPACITY = 3;

  private static final Rate GENEROUS = new Rate(6000, Duration.ofMinutes(1), 1000);

  private static final Pauses REPEATS = new Pauses(Duration.ofMillis(500), Duration.ofSeconds(5));
  private static final MailLimits MAIL =
      new MailLimits(
          1000,
          1024 * 1024,
          Duration.ofDays(7),
          Duration.ofHours(24),
          10_000,
          7,
          new Pauses(Duration.ofMillis(500), Duration.ofSeconds(16)),
          64 * 1024,
          REPEATS);

  private static final WorldLimits WORLD =
      new WorldLimits(
          2000,
          Duration.ofSeconds(5),
          Duration.ofMillis(50),
          Duration.ofHours(1),
          Duration.ofSeconds(5),
          Duration.ofMinutes(10),
          Duration.ofSeconds(10),
          Duration.ofSeconds(60),
          50,
          new AvatarIds(true, Set.of()));

  private final World world;
  private final EntityType<SessionCommand> sessions;
  private final EntityType<ChatInstance.Command> instances;
  private final EntityType<presence.world.World.Command> worlds;
  private final EntityType<User.Command> users;
  private final EntityType<Register.Command> registers;
  private final Map<Host, ActorRef<Connections.Command>> connections = new HashMap<>();
  private int generation;

  Gateways(World world) {
    this.world = world;
    Formation formation = new Formation(world.clock().instant());
    sessions =
        EntityType.remembered(
            "session",
            SessionCommand.Stop.STOP,
            place ->
                UserSession.create(
                    place.id(),
                    PersistenceId.ofUniqueId("session-" + place.id()),
                    new SessionSurroundings(
                        sessionLimits(),
                        world.clock(),
                        formation,
                        new Pieces(Map.of()),
                        instances(place.host()),
                        worlds(place.host()),
                        doors(place.host()),
                        WordFilter.NONE,
                        SessionSurroundings.Meters.NONE,
                        place.shard())));
    instances =
        EntityType.remembered(
            "instance",
            ChatInstance.Stop.STOP,
            place ->
                ChatInstance.create(
                    place.id(),
                    PersistenceId.ofUniqueId("instance-" + place.id()),
                    new InstanceSurroundings(
                        instanceLimits(place.id()),
                        world.clock(),
                        (session, instance, n) ->
                            sessions(place.host())
                                .tell(session, new SessionCommand.RollCall(instance, n)),
                        InstanceMeter.NONE,
                        place.shard())));
    worlds =
        EntityType.remembered(
            "world",
            presence.world.World.Stop.STOP,
            place ->
                presence.world.World.create(
                    place.id(),
                    PersistenceId.ofUniqueId("world-" + place.id()),
                    new presence.world.World.Surroundings(
                        WORLD,
                        world.clock(),
                        formation,
                        new WorldTies(sessions(place.host())),
                        presence.world.WorldMeter.NONE,
                        place.shard())));
    users =
        EntityType.remembered(
            "user",
            User.Stop.STOP,
            place ->
                User.create(
                    place.id(),
                    PersistenceId.ofUniqueId("user-" + place.id()),
                    new UserSurroundings(
                        new UserLimits(
                            64, Duration.ofHours(1), Duration.ofMinutes(1), 8, REPEATS, MAIL),
                        world.clock(),
                        doors(place.host()),
                        MailMeter.NONE,
                        place.shard())));
    registers =
        EntityType.remembered(
            "register",
            Register.Stop.STOP,
            place ->
                Register.create(
                    PersistenceId.ofUniqueId("register-" + place.id()),
                    world.clock(),
                    Duration.ofHours(1)));
  }

  private Doors doors(Host from) {
    return new Doors(sessions(from), users(from), registers(from));
  }

  Door<Register.Command> registers(Host from) {
    return door(from.door(registers));
  }

  Door<ChatInstance.Command> instances(Host from) {
    return door(from.door(instances));
  }

  Door<presence.world.World.Command> worlds(Host from) {
    return door(from.door(worlds));
  }

  private Door<SessionCommand> sessions(Host from) {
    return door(from.door(sessions));
  }

  Door<User.Command> users(Host from) {
    return door(from.door(users));
  }

  private static <C> Door<C> door(BiConsumer<String, C> way) {
    return way::accept;
  }

  /// The connections of a host, started when first asked for; a new host has new ones.
  ActorRef<Connections.Command> at(Host host) {
    return connections.computeIfAbsent(host, this::start);
  }

  private ActorRef<Connections.Command> start(Host host) {
    generation++;
    Relay.Settings settings =
        new Relay.Settings(
            new Replica.Limits(10_000, Duration.ofMinutes(5), 500, 64 * 1024),
            new Cuts.Limits(64, Duration.ofSeconds(30), 1000),
            5000,
            new Relay.Pace(Duration.ofSeconds(5), Duration.ofMillis(100), Duration.ofSeconds(1)),
            Duration.ofSeconds(25),
            CODEC,
            world.clock(),
            instances(host),
            GatewayMeter.NONE);
    Surroundings around =
        new Surroundings(
            gatewayLimits(),
            false,
            Right.JOIN,
            CODEC,
            world.clock(),
            world.chance(),
            new SessionIds(new byte[32]),
            token ->
                CompletableFuture.completedFuture(
                    new Verdict.Accepted(new Principal.User(Handle.of(token)), Instant.MAX)),
            sessions(host),
            users(host),
            host.spawn("relays-" + generation, Relays.create(settings)),
            host.spawn("worlds-" + generation, WorldRelays.create(worldSettings(host))),
            host.spawn(
                "watches-" + generation, Watches.create(users(host), Duration.ofSeconds(15))),
            Datagrams.NONE,
            GatewayMeter.NONE);
    return host.spawn(
        "connections-" + generation,
        Connections.create(
            around, new Connections.Draining(10, Duration.ofMillis(100), Duration.ofSeconds(1))));
  }

  private WorldRelay.Settings worldSettings(Host host) {
    return new WorldRelay.Settings(
        new Plain.Limits(250.0, 128, 25),
        Duration.ofMillis(10),
        WORLD.tick(),
        new Relay.Pace(Duration.ofSeconds(5), Duration.ofMillis(100), Duration.ofSeconds(1)),
        Duration.ofSeconds(25),
        CODEC,
        world.clock(),
        worlds(host),
        GatewayMeter.NONE);
  }

  private static SessionLimits sessionLimits() {
    return new SessionLimits(
        GRACE,
        RECLAIM_WAIT,
        Duration.ofMillis(500),
        Duration.ofSeconds(5),
        64,
        8,
        256,
        100,
        MAIL,
        GENEROUS,
        GENEROUS,
        new Rate(1200, Duration.ofMinutes(1), 40),
        GENEROUS,
        GENEROUS);
  }

  private static InstanceLimits instanceLimits(String name) {
    return new InstanceLimits(
        name.equals(NARROW) ? NARROW_CAPACITY : 0,
        0,
        500,
        10_000,
        Duration.ofMinutes(5),
        Duration.ofHours(1),
        Duration.ofMinutes(10),
        Duration.ofSeconds(10),
        Duration.ofSeconds(60),
        1000,
        new Pace.Limits(Duration.ofMillis(20), Duration.ofSeconds(1), Duration.ofNanos(250_000)));
  }

  private static GatewayLimits gatewayLimits() {
    return new GatewayLimits(
        Duration.ofSeconds(10),
        PING,
        GRACE,
        Duration.ofSeconds(5),
        Duration.ofSeconds(25),
        Duration.ofMillis(100),
        Duration.ofSeconds(2),
        256 * 1024,
        64 * 1024,
        Duration.ofSeconds(30),
        new Rate(1_200, Duration.ofMinutes(1), 40),
        100,
        2000,
        2048,
        Duration.ofMinutes(1),
        new HeldOrders.Limits(
            256, 256 * 1024, Duration.ofSeconds(25), Duration.ofSeconds(1), Duration.ofSeconds(4)),
        Duration.ofSeconds(2),
        new ServerMessage.Limits(64 * 1024, 2000, 64, 1000, 256, 60, 20, 10));
  }
}
