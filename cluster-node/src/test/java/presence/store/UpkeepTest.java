package presence.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class UpkeepTest {

  private static final JournalSettings OFTEN =
      new JournalSettings(
          2, 1, 100, 1_000, Duration.ofHours(2), Duration.ofMillis(20), Duration.ofMillis(20));

  @Test
  void aJournalThatStopsAnsweringIsNoticed() {
    var journal = Journals.inMemory();
    try (var upkeep = Upkeep.of(journal, OFTEN, InstantSource.system())) {
      assertThat(upkeep.journalReachable()).isTrue();

      journal.close();

      await().atMost(Duration.ofSeconds(20)).until(() -> !upkeep.journalReachable());
    }
  }
}
