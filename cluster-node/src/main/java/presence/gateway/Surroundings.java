package presence.gateway;

import java.time.InstantSource;
import java.util.random.RandomGenerator;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;
import presence.auth.Right;
import presence.auth.SessionIds;
import presence.auth.TokenVerifier;
import presence.cluster.Door;
import presence.protocol.Codec;
import presence.session.SessionCommand;
import presence.user.User;

/// What every connection of a node is given.
///
/// @param proofRequired whether who is no session, and asks by HTTP, must prove to be somebody
/// @param nobody what an anonymous session may do; absent = there are none
/// @param random makes secrets; a `SecureRandom` outside of tests
public record Surroundings(
    GatewayLimits limits,
    boolean proofRequired,
    @Nullable Right nobody,
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
