package presence.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import presence.ops.metrics.Metrics;
import presence.testkit.Format;

/// The alerts, the dashboard and the runbook name what is there, and all of it.
@Timeout(60)
class RunbookTest {
  private static final Path K8S = Format.root().resolve("k8s");
  private static final Pattern METRIC = Pattern.compile("\\b(?:presence|jvm|process)_[a-z_]+\\b");
  private static final Pattern TYPE = Pattern.compile("(?m)^# TYPE (\\S+) (\\S+)$");
  private static final Pattern ALERT = Pattern.compile("(?m)^\\s+- alert: (\\w+)$");
  private static final Pattern SECTION = Pattern.compile("(?ms)^### (\\w+)$(.*?)(?=^##|\\z)");

  private static final Metrics METRICS = new Metrics(new Build("1", "abc"), InstantSource.system());

  private static String rules;
  private static String dashboard;
  private static String runbook;

  @BeforeAll
  static void read() throws IOException {
    METRICS.watches(() -> false);
    METRICS.shards().holds("session", Set.of("1"));
    System.gc(); // a pause is measured from the first one on
    await().atMost(Duration.ofSeconds(20)).until(() -> METRICS.scrape().contains("jvm_gc_pause"));
    rules = Files.readString(K8S.resolve("prometheus/rules.yaml"));
    dashboard = Files.readString(K8S.resolve("grafana/presence.json"));
    runbook = Files.readString(K8S.resolve("RUNBOOK.md"));
  }

  @AfterAll
  static void close() {
    METRICS.close();
  }

  /// Every name that a query may use.
  private static Set<String> series() {
    return TYPE.matcher(METRICS.scrape())
        .results()
        .flatMap(found ->
            found.group(2).equals("histogram") || found.group(2).equals("summary")
                ? Stream.of("", "_bucket", "_count", "_sum").map(end -> found.group(1) + end)
                : Stream.of(found.group(1)))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<String> names(Pattern pattern, int group, String text) {
    return pattern
        .matcher(text)
        .results()
        .map(found -> found.group(group))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void everyMetricTheyNameIsMeasured() {
    for (String text : new String[] {rules, dashboard, runbook}) {
      assertThat(names(METRIC, 0, text)).isNotEmpty().isSubsetOf(series());
    }
  }

  @Test
  void everythingThatIsMeasuredHereIsOnTheDashboard() {
    Set<String> shown = names(METRIC, 0, dashboard);
    Set<String> measured = names(TYPE, 1, METRICS.scrape());
    measured.removeIf(name -> !name.startsWith("presence_") || name.endsWith("_max"));

    assertThat(measured)
        .isNotEmpty()
        .allSatisfy(name ->
            assertThat(shown).as(name).containsAnyOf(name, name + "_bucket", name + "_count"));
  }

  @Test
  void everyAlertHasItsSectionAndEverySectionItsAlert() {
    Set<String> alerts = names(ALERT, 1, rules);

    assertThat(names(SECTION, 1, runbook)).containsAll(alerts);
    assertThat(names(Pattern.compile("\\bPresence[A-Z]\\w+"), 0, runbook)).isEqualTo(alerts);
    for (String alert : alerts) {
      assertThat(rules).contains("runbook: RUNBOOK.md#" + alert.toLowerCase(Locale.ROOT));
    }
  }

  @Test
  void everySectionSaysWhatUsersSeeWhereToLookAndWhatToDo() {
    Set<String> alerts = names(ALERT, 1, rules);
    SECTION
        .matcher(runbook)
        .results()
        .filter(section -> alerts.contains(section.group(1)))
        .forEach(section ->
            assertThat(section.group(2))
                .as(section.group(1))
                .containsSubsequence("**What users see.**", "**Look here.**", "**Do this.**"));
  }

  @Test
  void theDashboardIsOneThatGrafanaReads() throws IOException {
    var read = new JsonMapper().readTree(dashboard);

    assertThat(read.get("panels").findValuesAsText("expr")).hasSizeGreaterThan(30);
    assertThat(read.get("panels").findValuesAsText("id")).doesNotHaveDuplicates();
  }
}
