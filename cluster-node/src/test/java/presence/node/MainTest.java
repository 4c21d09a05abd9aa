package presence.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import presence.testkit.BesideOthers;

@Timeout(180)
@BesideOthers
class MainTest {

  private static final int CONFIGURATION_ERROR = 2;
  private static final int TERMINATED = 128 + 15;

  @TempDir Path directory;

  @Test
  void aNodeSaysWhenItIsReadyAndStopsInOrderWhenTold() throws Exception {
    try (var node = start("PRESENCE_HTTP_PORT", "0")) {
      await().atMost(Duration.ofSeconds(60)).until(() -> !node.alive() || !said(node).isEmpty());
      assertThat(said(node)).singleElement().asString().matches("ready http://127.0.0.1:\\d+");

      node.terminate();

      assertThat(node.exitCode()).isEqualTo(TERMINATED);
      assertThat(said(node)).as("no warning on the way").hasSize(1);
      assertThat(directory.resolve("data/journal.mv.db")).exists();
    }
  }

  /// But that a busy machine made it late.
  private static List<String> said(NodeProcess node) {
    return node.output().stream().filter(line -> !line.contains("heartbeat was delayed")).toList();
  }

  @Test
  void aBadVariableIsOneLineThatNamesIt() throws Exception {
    assertRefused("PRESENCE_GRACE", "PRESENCE_GRACE", "forever");
  }

  @Test
  void aTakenPortIsOneLineThatNamesIt() throws Exception {
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var port = String.valueOf(taken.getLocalPort());
      assertRefused("PRESENCE_HTTP_PORT: port " + port, "PRESENCE_HTTP_PORT", port);
    }
  }

  @Test
  void aJournalThatCannotBeReadIsOneLineThatNamesIt() throws Exception {
    Files.createDirectory(directory.resolve("data"));
    Files.writeString(directory.resolve("data/journal.mv.db"), "no database".repeat(1_000));

    assertRefused("PRESENCE_JOURNAL: h2:./data cannot be read", "PRESENCE_HTTP_PORT", "0");
  }

  @Test
  void seedsWithoutASharedJournalAreOneLine() throws Exception {
    assertRefused("a cluster needs PostgreSQL", "PRESENCE_SEEDS", "127.0.0.1:7355");
  }

  private void assertRefused(String problem, String variable, String value) throws Exception {
    try (var node = start(variable, value)) {
      assertThat(node.exitCode()).isEqualTo(CONFIGURATION_ERROR);
      assertThat(node.errors()).singleElement().asString().contains(problem);
      assertThat(node.output()).isEmpty();
    }
  }

  private NodeProcess start(String variable, String value) throws IOException {
    return NodeProcess.start(directory, Map.of("PRESENCE_CLUSTER_PORT", "0", variable, value));
  }
}
