package presence.load.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PageTest {
  private static final Machine MACHINE =
      new Machine("2026-11-01", 2, "a processor", "Linux", "25", "v20");

  private final Samples samples = new Samples();

  @Test
  void theMiddleRoundCountsAndIsComparedWithNetty() {
    for (double cost : new double[] {9, 2, 3}) {
      add(Peer.OURS, Job.ONE, cost);
    }
    add(Peer.NETTY, Job.ONE, 6);
    assertThat(page().text()).contains("3.00 (0.50)").contains("6.00");
  }

  @Test
  void whatIsOverItsBoundIsMissedAndWhatWasNotMeasuredIsNotHeld() {
    add(Peer.OURS, Job.JOIN, 1.01);
    add(Peer.OURS, Job.MANY, 0.99);
    assertThat(line("join storm, beyond the connect")).endsWith("missed");
    assertThat(line("fan-out, 32 in flight")).endsWith("holds");
    assertThat(line("200 changes a second")).contains("not measured");
    assertThat(page().holds()).isFalse();
  }

  @Test
  void whoWasNotMeasuredAndWhatFailedIsSaid() {
    Page page =
        new Page(samples, Size.of(10), MACHINE, List.of("ws was not measured"), List.of("a word"));
    assertThat(page.text()).contains("ws was not measured").contains("FAILED a word");
    assertThat(page.failed()).isTrue();
    assertThat(page().failed()).isFalse();
  }

  @Test
  void samplesAreReadAsTheyWereWritten(@TempDir Path directory) throws Exception {
    samples.add(new Sample("ours", Job.CONNECT, 0.25, 3, 4, 1.5));
    samples.write(directory.resolve("samples"));
    assertThat(Samples.read(directory.resolve("samples")).cost("ours", Job.CONNECT)).hasValue(0.25);
    assertThat(Samples.read(directory.resolve("none")).peers()).isEmpty();
  }

  private Page page() {
    return new Page(samples, Size.of(10), MACHINE, List.of(), List.of());
  }

  /// The last line of the page that begins so: what is to hold stands at the end.
  private String line(String start) {
    return page().text().lines().filter(line -> line.startsWith(start)).toList().getLast();
  }

  private void add(String peer, Job job, double cost) {
    samples.add(new Sample(peer, job, cost, 1, 1_024, 1));
  }
}
