package presence.node;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.util.Map;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.management.cluster.bootstrap.ClusterBootstrap;
import org.apache.pekko.management.javadsl.PekkoManagement;

/// How nodes find each other where nobody can name seeds, as in Kubernetes: each finds the others'
/// management ports by a discovery method, and the one with the lowest address forms the cluster
/// once enough are found.
///
/// @param discovery the discovery method
/// @param service the name to discover; with Kubernetes the label `app` of the pods
/// @param portName the name of the management port of a pod
/// @param managementPort where this node answers the others, health checks included
/// @param contactPoints how many nodes must be found before a cluster is formed
public record Bootstrap(
    String discovery, String service, String portName, int managementPort, int contactPoints) {

  private static final Set<String> METHODS = Set.of("kubernetes-api", "config");

  /// Absent unless configured, which is told by [#isWanted()].
  static Bootstrap of(Config presence) {
    var settings = presence.getConfig("bootstrap");
    var bootstrap =
        new Bootstrap(
            settings.getString("discovery"),
            settings.getString("service"),
            settings.getString("port-name"),
            presence.getInt("management-port"),
            settings.getInt("contact-points"));
    if (bootstrap.isWanted() && !METHODS.contains(bootstrap.discovery)) {
      throw Settings.error(
          presence,
          "bootstrap.discovery",
          "\"%s\" is not valid, write kubernetes-api or config".formatted(bootstrap.discovery));
    }
    return bootstrap;
  }

  /// Whether nodes find each other this way.
  boolean isWanted() {
    return !discovery.isEmpty();
  }

  /// What Pekko is told of it.
  Config pekko(String host) {
    if (!isWanted()) {
      return ConfigFactory.empty();
    }
    var points = "pekko.management.cluster.bootstrap.contact-point-discovery.";
    return ConfigFactory.parseMap(
        Map.of(
            "pekko.management.http.hostname",
            host,
            "pekko.management.http.port",
            managementPort,
            points + "discovery-method",
            discovery,
            points + "service-name",
            service,
            points + "port-name",
            portName,
            points + "required-contact-point-nr",
            contactPoints),
        "environment");
  }

  /// Opens the management port and begins to look for the others.
  void start(ActorSystem<?> system) {
    var _ =
        PekkoManagement.get(system)
            .start()
            .whenComplete((_, failure) -> {
              if (failure == null) {
                ClusterBootstrap.get(system).start();
              } else {
                system.log().error("The management port cannot be opened", failure);
                system.terminate();
              }
            });
  }
}
