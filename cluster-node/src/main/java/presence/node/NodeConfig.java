package presence.node;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import presence.cluster.Sharding;
import presence.gateway.http.Origins;
import presence.ops.Build;
import presence.store.JournalLocation;
import presence.store.JournalSettings;

/// Everything a node is told from outside, checked as a whole before anything is started.
///
/// @param host where the node listens, and its name for other nodes
/// @param httpPort 0 takes any free port
/// @param clusterPort 0 takes any free port
/// @param seeds the nodes of the cluster to join; empty for a cluster of one
/// @param bootstrap how nodes find each other without seeds
/// @param publicUrl where clients reach the cluster, if not at the host
/// @param origins whose pages may open a socket
/// @param presence the section `presence` with every key checked, for the limits each package reads
///   itself
public record NodeConfig(
    String host,
    int httpPort,
    int clusterPort,
    List<HostPort> seeds,
    Bootstrap bootstrap,
    JournalLocation journal,
    JournalSettings store,
    Access access,
    Optional<URI> publicUrl,
    Origins origins,
    Config presence) {

  private static final String SYSTEM = "presence";

  /// Reads the configuration of this process.
  ///
  /// @throws ConfigurationError that says what to change
  public static NodeConfig load(Map<String, String> environment) {
    var presence = Settings.load(environment);
    var journal = journal(presence);
    var publicUrl = publicUrl(presence);
    var config =
        new NodeConfig(
            presence.getString("host"),
            presence.getInt("http-port"),
            presence.getInt("cluster-port"),
            seeds(presence),
            Bootstrap.of(presence),
            journal,
            JournalSettings.of(presence.getConfig("store"), journal),
            Access.of(presence, address(presence).isLoopbackAddress()),
            publicUrl,
            origins(presence, publicUrl),
            presence);
    config.check();
    return config;
  }

  /// The configuration of the actor system, which persists as `journal` says.
  Config pekko(Config journal) {
    var host = clusterHost();
    return ConfigFactory.systemProperties()
        .withFallback(ConfigFactory.parseMap(ClusterTls.of(presence).pekko(), "cluster-tls"))
        .withFallback(
            ConfigFactory.parseMap(
                Map.of(
                    "pekko.cluster.sharding.number-of-shards",
                    Sharding.SHARDS,
                    "pekko.remote.artery.canonical.hostname",
                    host,
                    "pekko.remote.artery.canonical.port",
                    clusterPort,
                    "pekko.cluster.app-version",
                    appVersion(),
                    "pekko.cluster.split-brain-resolver.active-strategy",
                    SplitBrain.of(presence, bootstrap).strategy()),
                "environment"))
        .withFallback(bootstrap.pekko(host))
        .withFallback(ConfigFactory.defaultApplication())
        .withFallback(journal)
        .withFallback(ConfigFactory.parseResources("node.conf"))
        .withFallback(ConfigFactory.defaultReference())
        .resolve();
  }

  private String appVersion() {
    var version = presence.getString("app-version");
    return version.isEmpty() ? Build.current().version() : version;
  }

  /// The name of the actor system, the same on every node.
  static String system() {
    return SYSTEM;
  }

  /// The address other nodes are told. "Every address of this machine" is not one, and a cluster of
  /// one needs none.
  String clusterHost() {
    return address(presence).isAnyLocalAddress() ? "127.0.0.1" : host;
  }

  private void check() {
    checkCluster();
    var _ = SplitBrain.of(presence, bootstrap);
    Logging.check(presence);
    Filtering.check(presence);
    if (httpPort != 0 && httpPort == clusterPort) {
      throw Settings.error(
          presence,
          "cluster-port",
          "%d is the HTTP port already; take another".formatted(clusterPort));
    }
    atMost("instance.flush-min", "instance.flush-max");
    atMost("instance.leavers-kept", "store.retention");
    atMost("connection.reclaim-min", "connection.reclaim-max");
    var _ = ClusterTls.of(presence);
    if (presence.getString("tls.certificate").isEmpty()
        != presence.getString("tls.key").isEmpty()) {
      throw Settings.error(presence, "tls.key", "TLS needs both, certificate and key, or neither");
    }
    var limits = new Limits(presence);
    var _ = limits.proxies();
    var _ = limits.unlimited();
    presence.getConfig("pieces").root().keySet().forEach(this::checkPieces);
  }

  private void checkCluster() {
    if (seeds.isEmpty() && !bootstrap.isWanted()) {
      return;
    }
    var key = seeds.isEmpty() ? "bootstrap.discovery" : "seeds";
    if (!seeds.isEmpty() && bootstrap.isWanted()) {
      throw Settings.error(
          presence,
          "bootstrap.discovery",
          "given together with PRESENCE_SEEDS, so it is unclear how nodes find each other; remove"
              + " one of the two");
    }
    if (!journal.shared()) {
      throw Settings.error(
          presence,
          key,
          "a cluster needs PostgreSQL, which all its nodes share, but PRESENCE_JOURNAL is %s; set PRESENCE_JOURNAL=jdbc:postgresql://…, or leave %s empty"
              .formatted(journal, Settings.variable(key)));
    }
    if (address(presence).isAnyLocalAddress()) {
      throw Settings.error(
          presence,
          "host",
          "%s is every address of this machine; in a cluster write the one that other nodes reach"
              .formatted(host));
    }
  }

  private void checkPieces(String instance) {
    try {
      var _ = presence.getConfig("pieces").root().toConfig().getStringList('"' + instance + '"');
    } catch (ConfigException e) {
      throw Settings.error(presence, "pieces", "write NAME = [\"piece\", …] for " + instance);
    }
  }

  private void atMost(String smaller, String larger) {
    if (presence.getDuration(smaller).compareTo(presence.getDuration(larger)) > 0) {
      throw Settings.error(
          presence, smaller, "must not be longer than %s".formatted(Settings.variable(larger)));
    }
  }

  private static JournalLocation journal(Config presence) {
    try {
      return JournalLocation.parse(presence.getString("journal"));
    } catch (IllegalArgumentException e) {
      throw Settings.error(presence, "journal", String.valueOf(e.getMessage()));
    }
  }

  private static List<HostPort> seeds(Config presence) {
    try {
      return presence.getStringList("seeds").stream().map(HostPort::parse).toList();
    } catch (IllegalArgumentException e) {
      throw Settings.error(presence, "seeds", String.valueOf(e.getMessage()));
    }
  }

  private static Optional<URI> publicUrl(Config presence) {
    return Optional.of(presence.getString("public-url"))
        .filter(url -> !url.isEmpty())
        .map(url -> Urls.absolute(presence, "public-url", url));
  }

  private static Origins origins(Config presence, Optional<URI> publicUrl) {
    try {
      return Origins.of(presence.getStringList("allowed-origins"), publicUrl);
    } catch (IllegalArgumentException e) {
      throw Settings.error(presence, "allowed-origins", String.valueOf(e.getMessage()));
    }
  }

  private static InetAddress address(Config presence) {
    var host = presence.getString("host");
    try {
      if (!host.isEmpty()) {
        return InetAddress.getByName(host);
      }
    } catch (UnknownHostException e) {
      // says the same as what follows
    }
    throw Settings.error(
        presence, "host", "\"%s\" is not an address of this machine".formatted(host));
  }

  /// Never the configuration itself: it contains secrets.
  @Override
  public String toString() {
    return "NodeConfig[%s, HTTP %d, cluster %d, %s]"
        .formatted(host, httpPort, clusterPort, journal);
  }
}
