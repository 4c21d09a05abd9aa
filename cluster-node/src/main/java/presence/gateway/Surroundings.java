package presence.gateway;

import java.time.InstantSource;
import java.util.random.RandomGenerator;
import org.apache.pekko.actor.typed.ActorRef;
import presence.auth.SessionIds;
import presence.auth.TokenVerifier;
import presence.cluster.Door;
import presence.protocol.Codec;
import presence.session.SessionCommand;
import presence.user.User;

/// What every connection of a node is given.
///
/// @param proofRequired whether an anonymous hello is refused
/// @param random makes secrets; a `SecureRandom` outside of tests
public record Surroundings(
    GatewayLimits limits,
    boolean proofRequired,
    Codec codec,
    InstantSource clock,
    RandomGenerator random,
    SessionIds sessionIds,
    TokenVerifier tokens,
    Door<SessionCommand> sessions,
    Door<User.Command> users,
    ActorRef<Relays.Command> relays,
    ActorRef<WorldRelays.Command> worlds,
    ActorRef<Watches.Command> watches,
    Datagrams datagrams,
    GatewayMeter meter) {}
