package presence.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import presence.client.PresenceClient;
import presence.load.fuzz.Campaign;
import presence.load.fuzz.Finding;
import presence.load.fuzz.Target;
import presence.load.process.NodeProcess;
import presence.load.process.Operator;

/// Some hundred cases, and every input that once did harm, against one node.
@Timeout(180)
class FuzzTest {
  private static final long SEED = 20_261_121;
  private static final int CASES = 480;

  @Test
  void nothingIsFoundInSomeHundredCasesAndInWhatWasFoundBefore() throws Exception {
    try (NodeProcess node = NodeProcess.start(Operator.SETTINGS);
        PresenceClient client = Fuzz.client(node)) {
      List<Target> targets = Fuzz.targets(node, client);
      try (Campaign campaign = new Campaign(targets, SEED)) {
        for (Target target : targets) {
          for (Path kept : kept(target)) {
            assertThatCode(() -> target.take(Files.readAllBytes(kept)))
                .as("%s", kept)
                .doesNotThrowAnyException();
          }
        }
        for (long number = 0; number < CASES; number++) {
          assertThat(campaign.attempt(number)).as("seed %d", SEED).isEmpty();
        }
      }
      assertThat(node.complaints())
          .as("what the node said")
          .filteredOn(each -> !each.contains("sending of heartbeat was delayed")) // a busy machine
          .isEmpty();
    }
  }

  /// The inputs that are kept for a target; there are some for each.
  private static List<Path> kept(Target target) {
    try {
      Path directory =
          Path.of(
              Objects.requireNonNull(
                      FuzzTest.class.getResource("/presence/load/fuzz/" + target.name()),
                      target.name())
                  .toURI());
      try (Stream<Path> files = Files.list(directory)) {
        return files.sorted().toList();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aCaseIsTheSameWheneverItComesAndWhatIsWrongIsFound() throws InterruptedException {
    Target fragile =
        new Target() {
          @Override
          public String name() {
            return "fragile";
          }

          @Override
          public byte[] input(RandomGenerator random) {
            return new byte[] {(byte) random.nextInt(2), (byte) random.nextInt()};
          }

          @Override
          public void take(byte[] input) {
            Target.check(input[0] == 0, () -> "it broke");
          }
        };
    try (Campaign campaign = new Campaign(List.of(fragile), 7);
        Campaign again = new Campaign(List.of(fragile), 7)) {
      int found = 0;
      for (long number = 0; number < 100; number++) {
        assertThat(campaign.input(number)).isEqualTo(again.input(number));
        boolean breaks = campaign.input(number)[0] != 0;
        assertThat(campaign.attempt(number).map(Finding::number).isPresent()).isEqualTo(breaks);
        found += breaks ? 1 : 0;
      }
      assertThat(found).isBetween(20, 80);
    }
  }
}
