package presence.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.coordination.lease.javadsl.Lease;
import org.apache.pekko.coordination.lease.javadsl.LeaseProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import presence.load.kubernetes.ApiServer;
import presence.load.kubernetes.Manifests;

/// The lease that decides who goes on after a cut, where that is wanted: as nodes take it, from an
/// API that grants what the manifests grant.
@Timeout(60)
class KubernetesLeaseTest {
  private static final Path MANIFESTS = Path.of("../k8s/rendered/prod-lease.yaml");
  private static final Path WITHOUT = Path.of("../k8s/rendered/prod.yaml");
  private static final String NAME = "presence-pekko-sbr";

  /// A request may take two fifths of that.
  private static final String PATIENT =
      "pekko.coordination.lease.kubernetes.lease-operation-timeout = 50s";

  @TempDir Path directory;

  @Test
  void onlyOneSideGetsItUntilItIsGivenBack() throws Exception {
    try (ApiServer api = ApiServer.start(Manifests.read(MANIFESTS), directory)) {
      ActorSystem system = ActorSystem.create("lease", config(api));
      try {
        Lease one = lease(system, "one");
        Lease other = lease(system, "other");

        assertThat(acquired(one)).isTrue();
        assertThat(acquired(other)).isFalse();
        assertThat(one.release().toCompletableFuture().get(20, TimeUnit.SECONDS)).isTrue();
        assertThat(acquired(other)).isTrue();
      } finally {
        stop(system);
      }

      assertThat(api.granted())
          .as("all that the manifests grant is needed")
          .containsExactlyInAnyOrder("get leases", "create leases", "update leases");
      assertThat(api.refused()).isEmpty();
    }
  }

  @Test
  void whereTheManifestsDoNotGrantItNobodyGetsIt() throws Exception {
    try (ApiServer api = ApiServer.start(Manifests.read(WITHOUT), directory)) {
      ActorSystem system = ActorSystem.create("lease", config(api));
      try {
        assertThatThrownBy(() -> acquired(lease(system, "one"))).hasMessageContaining("forbidden");
      } finally {
        stop(system);
      }
      assertThat(api.refused()).containsExactly("get leases");
    }
  }

  private static void stop(ActorSystem system) throws Exception {
    system.terminate();
    system.getWhenTerminated().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  private static Config config(ApiServer api) {
    return ConfigFactory.parseMap(api.leaseSettings())
        .withFallback(ConfigFactory.parseString("pekko.actor.provider = local"))
        .withFallback(ConfigFactory.parseString(PATIENT))
        .withFallback(ConfigFactory.parseResources("node.conf"))
        .withFallback(ConfigFactory.defaultReference())
        .resolve();
  }

  private static Lease lease(ActorSystem system, String owner) {
    String implementation =
        system
            .settings()
            .config()
            .getString("pekko.cluster.split-brain-resolver.lease-majority.lease-implementation");
    return LeaseProvider.get(system).getLease(NAME, implementation, owner);
  }

  private static boolean acquired(Lease lease) throws Exception {
    return lease.acquire().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }
}
