package presence.gateway.http;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.ws.WebSocketUpgrade;
import org.apache.pekko.japi.function.Function;
import presence.gateway.Callers;
import presence.gateway.GatewayMeter;
import presence.gateway.Network;
import presence.gateway.ws.SocketPlan;
import presence.session.Rate;

/// An [HttpPort] on this machine that limits nobody.
public final class TestPort {
  public static final Duration NEVER = Duration.ofMinutes(10);

  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Rate ONE = new Rate(1, NEVER, 1);

  private TestPort() {}

  /// The answer to a handshake, as the node gives it.
  public static HttpResponse respond(
      HttpRequest request, WebSocketUpgrade upgrade, SocketPlan plan) {
    return SocketRoute.respond(request, upgrade, plan);
  }

  /// Opens any port that is free.
  ///
  /// @param idleMax how long a connection may be silent
  public static HttpPort open(
      ActorSystem<?> system,
      Duration idleMax,
      Function<HttpRequest, CompletionStage<HttpResponse>> handler)
      throws Exception {
    return HttpPort.bind(
            system,
            new HttpPort.Terms(
                "127.0.0.1",
                0,
                Optional.empty(),
                idleMax,
                System::nanoTime,
                new Callers(
                    new Callers.Limits(1, 1, 1, ONE, ONE, ONE, ONE, 1),
                    List.of(Network.parse("127.0.0.0/8")),
                    InstantSource.system(),
                    GatewayMeter.NONE),
                new Proxies(List.of(), "X-Forwarded-For"),
                NEVER),
            handler)
        .toCompletableFuture()
        .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }
}
