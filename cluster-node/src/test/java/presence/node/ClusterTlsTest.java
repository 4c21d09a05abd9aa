package presence.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Nodes that prove to each other who they are, and strangers who cannot.
@Timeout(120)
class ClusterTlsTest {
  /// Nobody counts the mailboxes, and strangers are no news.
  private static final Config PLAIN =
      ConfigFactory.parseString(
          """
          pekko.loglevel = ERROR
          pekko.actor.typed.default-mailbox.mailbox-type =
            "org.apache.pekko.dispatch.SingleConsumerOnlyUnboundedMailbox"
          """);

  @TempDir Path directory;

  private final List<ActorSystem<Void>> systems = new ArrayList<>();

  @AfterEach
  void stop() {
    systems.forEach(ActorSystem::terminate);
    systems.forEach(each ->
        each.getWhenTerminated().toCompletableFuture().orTimeout(30, TimeUnit.SECONDS).join());
  }

  private Certificates authority(String name) throws Exception {
    Certificates authority = new Certificates(Files.createDirectory(directory.resolve(name)));
    authority.write(directory.resolve(name + "/ca.crt"));
    return authority;
  }

  /// A node without its entities, as far as the cluster sees it.
  private ActorSystem<Void> node(Map<String, String> tls) {
    Map<String, String> environment = new HashMap<>(tls);
    environment.put("PRESENCE_JOURNAL", "memory");
    environment.put("PRESENCE_HTTP_PORT", "0");
    environment.put("PRESENCE_CLUSTER_PORT", "0");
    NodeConfig config = NodeConfig.load(environment);
    ActorSystem<Void> system =
        ActorSystem.create(
            Behaviors.empty(), NodeConfig.system(), PLAIN.withFallback(config.pekko(PLAIN)));
    systems.add(system);
    return system;
  }

  private Map<String, String> tls(Certificates by, String name, String folder, String trusted) {
    Path certificate = directory.resolve(folder).resolve(systems.size() + ".crt");
    Path key = directory.resolve(folder).resolve(systems.size() + ".key");
    by.issue(name, "RSA", certificate, key);
    return Map.of(
        "PRESENCE_CLUSTER_TLS_CERTIFICATE", certificate.toString(),
        "PRESENCE_CLUSTER_TLS_KEY", key.toString(),
        "PRESENCE_CLUSTER_TLS_AUTHORITY", directory.resolve(trusted + "/ca.crt").toString());
  }

  private static void joins(ActorSystem<Void> node, ActorSystem<Void> first) {
    Cluster.get(node).manager().tell(Join.create(Cluster.get(first).selfMember().address()));
  }

  private static long members(ActorSystem<Void> node) {
    long up = 0;
    for (Member member : Cluster.get(node).state().getMembers()) {
      up += member.status().equals(MemberStatus.up()) ? 1 : 0;
    }
    return up;
  }

  @Test
  void nodesOfOneAuthorityFormAClusterAndStrangersAreKeptOut() throws Exception {
    Certificates ours = authority("ours");
    Certificates theirs = authority("theirs");
    ActorSystem<Void> first = node(tls(ours, "presence", "ours", "ours"));
    joins(first, first);
    ActorSystem<Void> second = node(tls(ours, "presence", "ours", "ours"));
    joins(second, first);
    await("two members").atMost(Duration.ofSeconds(40)).until(() -> members(first) == 2);

    List<ActorSystem<Void>> strangers =
        List.of(
            node(tls(theirs, "presence", "theirs", "ours")),
            node(tls(theirs, "presence", "theirs", "theirs")),
            node(tls(ours, "another-service", "ours", "ours")),
            node(Map.of()));
    strangers.forEach(each -> joins(each, first));

    await("nobody else")
        .during(Duration.ofSeconds(4))
        .atMost(Duration.ofSeconds(40))
        .until(
            () -> members(first) == 2 && strangers.stream().allMatch(each -> members(each) == 0));
    assertThat(Cluster.get(first).state().getMembers()).hasSize(2);
  }
}
