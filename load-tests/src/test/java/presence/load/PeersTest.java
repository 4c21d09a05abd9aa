package presence.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import presence.load.peers.Comparison;
import presence.load.peers.Page;
import presence.load.peers.Plan;

@Tag("by-hand")
class PeersTest {
  /// The scenario itself stays alive: everything that was to be told was, at both. What it costs is
  /// not judged here: a build may run on a machine that is busy with others.
  @Test
  @Timeout(180)
  void aRoomOfTwentyAtOursAndAtNetty(@TempDir Path results) throws Exception {
    Page page = Comparison.run(Plan.small(List.of("ours", "Netty"), 20, results));
    assertThat(page.failed()).as(page.text()).isFalse();
    assertThat(page.text())
        .contains("join storm, beyond the connect", "fan-out, one at a time")
        .contains("fan-out, 32 in flight", "one comes or leaves", "200 changes a second");
    assertThat(results.resolve("peers.tsv")).isNotEmptyFile();
    assertThat(results.resolve("peers-one.svg")).isNotEmptyFile();
  }
}
