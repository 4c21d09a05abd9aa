package presence.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import presence.load.check.Findings;
import presence.load.check.Proof;
import presence.load.check.Rule;
import presence.load.process.Operator;
import presence.load.process.PostgresServer;
import presence.load.process.ThreeNodes;
import presence.load.record.Recording;
import presence.load.storm.Disaster;
import presence.load.storm.Run;

/// The scenario itself, small: three JVMs, a PostgreSQL, thirty clients. How long anything takes is
/// not judged here: a build may run on a machine that is busy with others.
class KillStormTest {
  private static final int CLIENTS = 30;
  private static final Duration GRACE = Duration.ofSeconds(20);

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path directory;

  @Test
  @Timeout(400)
  void aStalledJournalAndAKilledNodeAreSeenByNobody() throws Exception {
    Path recordings = Files.createDirectory(directory.resolve("run"));
    Map<String, String> settings = new HashMap<>(Operator.SETTINGS);
    settings.put("PRESENCE_GRACE", GRACE.toSeconds() + "s");
    settings.put("PRESENCE_PING", "5s");
    try (PostgresServer postgres = PostgresServer.start(directory.resolve("postgres"));
        ThreeNodes nodes = ThreeNodes.start(directory, postgres.journal(), settings);
        Rest rest = new Rest(nodes.url(0))) {
      new Run(nodes, postgres, GRACE)
          .play(
              List.of(Disaster.JOURNAL_STALL, Disaster.TWO_ROLES),
              "small",
              rest.tokens("small", CLIENTS),
              recordings,
              new SplittableRandom(1));
      assertThat(nodes.suspicions()).as("the killed node was believed lost").isPositive();
    }

    Findings findings = Proof.of(Recording.ofAll(recordings)).findings();

    for (Rule rule : Rule.values()) {
      assertThat(findings.violations(rule)).as(rule.promise()).isEmpty();
    }
    assertThat(List.of(Rule.VISIBLE, Rule.SESSION, Rule.SAME, Rule.CHAT_LOST, Rule.QUIET))
        .allSatisfy(rule -> assertThat(findings.checked(rule)).as(rule.promise()).isPositive());
  }
}
