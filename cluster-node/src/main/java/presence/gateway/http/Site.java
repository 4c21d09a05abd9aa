package presence.gateway.http;

import java.net.URI;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import presence.auth.DevTokens;
import presence.cluster.Door;
import presence.gateway.Caller;
import presence.gateway.Callers;
import presence.gateway.Connections;
import presence.gateway.Surroundings;
import presence.instance.ChatInstance;
import presence.user.Register;

/// What the routes of a node are given.
///
/// @param callers who has what open
/// @param publicUrl where clients reach the cluster; absent = at the host they ask
/// @param developmentTokens absent where everybody must bring a token of their own
/// @param adminToken what operators must show; absent = there are no operators' routes
/// @param draining whether the node is leaving
public record Site(
    ActorSystem<?> system,
    Surroundings around,
    ActorRef<Connections.Command> connections,
    ActorRef<Spectators.Command> spectators,
    WorkspaceDoors workspaces,
    Door<ChatInstance.Command> instances,
    Door<Register.Command> registers,
    InstanceNames names,
    Origins origins,
    Proxies proxies,
    Callers callers,
    Optional<URI> publicUrl,
    Optional<DevTokens> developmentTokens,
    Optional<String> adminToken,
    BooleanSupplier draining,
    HttpLimits limits) {
  /// Whom to count a request for; nobody = it is not counted.
  Optional<Caller> caller(HttpRequest request) {
    return proxies.client(request).flatMap(callers::at);
  }
}
