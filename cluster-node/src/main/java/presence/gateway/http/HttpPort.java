package presence.gateway.http;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.event.LoggingAdapter;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.settings.ServerSettings;
import org.apache.pekko.http.scaladsl.Http;
import org.apache.pekko.io.Tcp;
import org.apache.pekko.japi.function.Function;
import org.apache.pekko.stream.TLSClosing;
import org.apache.pekko.stream.TLSProtocol.SslTlsInbound;
import org.apache.pekko.stream.TLSProtocol.SslTlsOutbound;
import org.apache.pekko.stream.javadsl.BidiFlow;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.RunnableGraph;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.stream.javadsl.TLS;
import org.apache.pekko.stream.javadsl.TLSPlacebo;
import org.apache.pekko.util.ByteString;
import presence.gateway.Callers;
import scala.Option;

/// The port that clients connect to. What a connection is made of, from the socket inwards: Pekko's
/// TCP, a [Link] and its [Shore], TLS or none, Pekko HTTP's server layer, a [Doorway], and
/// [Answering].
///
/// Pekko HTTP can bind a port by itself, but with an idle timeout that wakes every connection once
/// a second, and other stages that each WebSocket would keep for its life.
public final class HttpPort {
  /// What a port is bound with.
  ///
  /// @param port 0 = any that is free
  /// @param tls makes an engine for each connection; absent = no TLS
  /// @param idleMax how long a connection may be silent, longer than any that is in use is
  /// @param nanoTime a clock that nobody sets
  /// @param proxies are asked on behalf of many, and counted for none
  /// @param firstRequest how long a connection's first request may take
  public record Terms(
      String host,
      int port,
      Optional<Supplier<SSLEngine>> tls,
      Duration idleMax,
      LongSupplier nanoTime,
      Callers callers,
      Proxies proxies,
      Duration firstRequest) {}

  private final StageGroup passages;
  private final StageGroup links;
  private final Arrivals.Bound bound;

  private HttpPort(StageGroup passages, StageGroup links, Arrivals.Bound bound) {
    this.passages = passages;
    this.links = links;
    this.bound = bound;
  }

  /// Opens the port; fails if it cannot be had.
  public static CompletionStage<HttpPort> bind(
      ActorSystem<?> system,
      Terms terms,
      Function<HttpRequest, CompletionStage<HttpResponse>> handler) {
    StageGroup passages = new StageGroup();
    StageGroup links = new StageGroup();
    ServerSettings settings = ServerSettings.create(system.classicSystem());
    boolean secure = terms.tls().isPresent();
    Flow<ByteString, ByteString, NotUsed> http =
        Flow.<HttpRequest>create()
            .via(new Doorway(terms.callers(), terms.proxies(), terms.firstRequest(), passages))
            .via(Answering.by(handler))
            .join(http(system, settings, secure).atop(tls(terms.tls())));
    Arrivals arrivals =
        new Arrivals(
            Tcp.get(system.classicSystem()).manager(),
            new InetSocketAddress(terms.host(), terms.port()),
            settings.getBacklog(),
            settings.getSocketOptions());
    return Source.fromGraph(arrivals)
        .mapAsyncUnordered(
            settings.getMaxConnections(),
            arrival -> {
              Link link = new Link(arrival, terms.idleMax(), terms.nanoTime(), links);
              http.addAttributes(Doorway.from(arrival.peer(), secure ? null : link))
                  .join(Flow.fromGraph(new Shore(link)))
                  .run(system);
              return RunnableGraph.fromGraph(link).run(system);
            })
        .to(Sink.ignore())
        .run(system)
        .thenApply(bound -> new HttpPort(passages, links, bound));
  }

  /// Pekko HTTP's part of a connection. Its Java API does not let it be told of TLS, which is part
  /// of a request's URI.
  @SuppressWarnings("unchecked") // its requests and answers are those of the Java API
  private static BidiFlow<HttpResponse, SslTlsOutbound, SslTlsInbound, HttpRequest, NotUsed> http(
      ActorSystem<?> system, ServerSettings settings, boolean secure) {
    LoggingAdapter log = system.classicSystem().log();
    return (BidiFlow<HttpResponse, SslTlsOutbound, SslTlsInbound, HttpRequest, NotUsed>)
        (BidiFlow<?, ?, ?, ?, ?>)
            new BidiFlow<>(
                Http.apply(system)
                    .serverLayer(
                        (org.apache.pekko.http.scaladsl.settings.ServerSettings) settings,
                        Option.empty(),
                        log,
                        secure));
  }

  @SuppressWarnings("unchecked") // session bytes are inbound
  private static BidiFlow<SslTlsOutbound, ByteString, ByteString, SslTlsInbound, NotUsed> tls(
      Optional<Supplier<SSLEngine>> engines) {
    return engines
        .map(each -> TLS.create(each, TLSClosing.eagerClose()))
        .orElseGet(() ->
            (BidiFlow<SslTlsOutbound, ByteString, ByteString, SslTlsInbound, NotUsed>)
                (BidiFlow<?, ?, ?, ?, ?>) TLSPlacebo.getInstance());
  }

  /// The port it has.
  public int number() {
    return bound.port();
  }

  /// Takes no further connections; those that are open stay.
  public CompletionStage<Done> unbind() {
    return bound.unbind();
  }

  /// Ends all connections: each at once, or when what was asked on it is answered, for which there
  /// is this time.
  public CompletionStage<Done> end(Duration max) {
    passages.end();
    return links
        .gone()
        .toCompletableFuture()
        .completeOnTimeout(Done.getInstance(), max.toMillis(), TimeUnit.MILLISECONDS)
        .thenApply(done -> {
          links.end();
          return done;
        });
  }
}
