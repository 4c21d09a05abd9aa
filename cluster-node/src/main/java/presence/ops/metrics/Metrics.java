package presence.ops.metrics;

import static org.apache.pekko.http.javadsl.server.Directives.complete;
import static org.apache.pekko.http.javadsl.server.Directives.get;
import static org.apache.pekko.http.javadsl.server.Directives.path;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.function.BooleanSupplier;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.server.Route;
import presence.cluster.Instruments;
import presence.ops.Build;

/// Everything a node measures, and `/metrics`, where Prometheus reads it.
///
/// Each part of the node is given the port it reports to, and knows nothing else of this. A name
/// says what is measured and in which unit; labels have few values, known beforehand: a session, a
/// person or an instance is never one. A counter is there from the start, so that its first event
/// is an increase.
///
/// | measured | in |
/// |---|---|
/// | sessions, leases, reattaches, ends, rate limits, what is not said | [SessionMetrics] |
/// | instances, what everybody sees, flushes, relays that lag | [InstanceMetrics] |
/// | worlds: avatars, ghosts, batches of moves | [WorldMetrics] |
/// | direct messages | [MailMetrics] |
/// | sockets, slow readers, what cannot be read, divergence, moves of clients | [GatewayMetrics] |
/// | datagrams | [DatagramMetrics] |
/// | writes to the journal | [WriteMetrics] |
/// | shards that came and went | [ShardMetrics] |
public final class Metrics implements AutoCloseable {
  private static final ContentType PROMETHEUS =
      ContentTypes.parse("text/plain; version=0.0.4; charset=utf-8");

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final JvmGcMetrics garbage = new JvmGcMetrics();
  private final Instruments instruments;
  private final SessionMetrics sessions;
  private final InstanceMetrics instances;
  private final WorldMetrics worlds;
  private final MailMetrics mail;
  private final GatewayMetrics gateway;
  private final DatagramMetrics datagrams;
  private final ShardMetrics shards;

  public Metrics(Build build, InstantSource clock) {
    sessions = new SessionMetrics(registry);
    instances = new InstanceMetrics(registry);
    worlds = new WorldMetrics(registry);
    mail = new MailMetrics(registry, clock);
    gateway = new GatewayMetrics(registry);
    datagrams = new DatagramMetrics(registry);
    shards = new ShardMetrics(registry);
    instruments = new Instruments(new WriteMetrics(registry));
    Gauge.builder("presence.mailbox.messages", instruments.waiting(), Number::doubleValue)
        .description("Messages that wait in the mailboxes of all actors of this node")
        .register(registry);
    Gauge.builder("presence.version", () -> 1)
        .description("What was built, in its labels")
        .tag("version", build.version())
        .tag("commit", build.commit())
        .register(registry);
    jvm(registry);
  }

  private void jvm(MeterRegistry to) {
    new JvmMemoryMetrics().bindTo(to);
    garbage.bindTo(to);
    new JvmThreadMetrics().bindTo(to);
    new ClassLoaderMetrics().bindTo(to);
    new ProcessorMetrics().bindTo(to);
    new UptimeMetrics().bindTo(to);
    new FileDescriptorMetrics().bindTo(to);
  }

  /// Whether the node is leaving is a metric, too.
  public void watches(BooleanSupplier draining) {
    Gauge.builder("presence.draining", draining, each -> each.getAsBoolean() ? 1 : 0)
        .description("1 while this node sends its clients away")
        .strongReference(true)
        .register(registry);
  }

  public Instruments instruments() {
    return instruments;
  }

  public SessionMetrics sessions() {
    return sessions;
  }

  public InstanceMetrics instances() {
    return instances;
  }

  public WorldMetrics worlds() {
    return worlds;
  }

  public MailMetrics mail() {
    return mail;
  }

  public GatewayMetrics gateway() {
    return gateway;
  }

  public DatagramMetrics datagrams() {
    return datagrams;
  }

  public ShardMetrics shards() {
    return shards;
  }

  /// Everything that is measured, as Prometheus reads it.
  public String scrape() {
    return registry.scrape();
  }

  public Route route() {
    return path(
        "metrics",
        () ->
            get(() ->
                complete(
                    HttpEntities.create(PROMETHEUS, scrape().getBytes(StandardCharsets.UTF_8)))));
  }

  @Override
  public void close() {
    garbage.close();
    registry.close();
  }
}
