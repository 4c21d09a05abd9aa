package presence.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import presence.auth.DevTokens;
import presence.auth.JwtSecret;
import presence.auth.TokenRules;
import presence.load.check.Findings;
import presence.load.check.Proof;
import presence.load.check.Rule;
import presence.load.kubernetes.ApiServer;
import presence.load.kubernetes.Manifests;
import presence.load.kubernetes.Pod;
import presence.load.kubernetes.Pods;
import presence.load.process.PostgresServer;
import presence.load.record.Recording;
import presence.load.storm.Gathering;
import presence.protocol.Handle;

/// Nodes as the manifests start them, in JVMs of their own with addresses of their own, that know
/// of each other only what the API tells them, and clients that know one address. How long anything
/// takes is not judged here: a build may run on a machine that is busy with others.
class KubernetesTest {
  private static final Path MANIFESTS = Path.of("../k8s/rendered/prod.yaml");
  private static final int CLIENTS = 30;
  private static final Duration GRACE = Duration.ofSeconds(20);
  private static final String JWT_SECRET = "the-secret-of-the-tokens-of-this-run";

  private final Manifests manifests = Manifests.read(MANIFESTS);

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path directory;

  @Test
  @Timeout(400)
  void aLostNodeAndTheReplacementOfAllAreSeenByNobody() throws Exception {
    Path recordings = Files.createDirectory(directory.resolve("run"));
    try (PostgresServer postgres = PostgresServer.start(directory.resolve("postgres"));
        ApiServer api = ApiServer.start(manifests, directory.resolve("serviceaccount"));
        Pods pods = pods(api, postgres)) {
      pods.create(manifests.nodes());
      try (Gathering gathering = gathering(pods, recordings)) {
        gathering.come();
        gathering.during(true, () -> loseOne(pods, gathering), () -> replaceAll(pods, gathering));
      }

      assertThat(pods.allEndedInTime()).as("every node left in order and in time").isTrue();
      assertThat(api.granted()).containsExactly("list pods");
      assertThat(api.refused()).isEmpty();
    }
    assertNobodySawAnything(recordings);
  }

  private Pods pods(ApiServer api, PostgresServer postgres) {
    return new Pods(
        manifests,
        api,
        directory,
        Map.of(
            "journal",
            postgres.journal(),
            "jwt-secret",
            JWT_SECRET,
            "admin-token",
            "the-operators-token-of-the-load-tests"),
        // some of the crowd are anonymous
        Map.of(
            "PRESENCE_AUTH", "open",
            "PRESENCE_GRACE", GRACE.toSeconds() + "s",
            "PRESENCE_PING", "5s"));
  }

  private static Gathering gathering(Pods pods, Path recordings) {
    DevTokens issuer =
        new DevTokens(
            JwtSecret.of(JWT_SECRET),
            TokenRules.DEFAULT,
            DevTokens.LIFETIME,
            InstantSource.system());
    List<String> tokens =
        IntStream.range(0, CLIENTS)
            .mapToObj(number -> issuer.issue(Handle.of("@pods-" + number)))
            .toList();
    return Gathering.of(
        "pods", tokens, List.of(pods.service()), recordings, GRACE, new SplittableRandom(1));
  }

  /// The machine of the oldest is gone; another pod takes its place.
  private static void loseOne(Pods pods, Gathering gathering) {
    Pod oldest = pods.alive().getFirst();
    gathering.mark("kill", oldest.name());
    pods.lose(oldest);
    Pod replacement = pods.create(1).getFirst();
    gathering.mark("back", replacement.name());
    gathering.awaitFlow();
  }

  /// As a deployment with one more than wanted and none less: a new one comes, an old one goes.
  private static void replaceAll(Pods pods, Gathering gathering) {
    for (Pod old : pods.alive()) {
      Pod young = pods.create(1).getFirst();
      gathering.mark("back", young.name());
      gathering.mark("stop", old.name());
      pods.delete(old);
    }
    gathering.awaitFlow();
  }

  private static void assertNobodySawAnything(Path recordings) {
    Findings findings = Proof.of(Recording.ofAll(recordings)).findings();
    for (Rule rule : Rule.values()) {
      assertThat(findings.violations(rule)).as(rule.promise()).isEmpty();
    }
    assertThat(List.of(Rule.VISIBLE, Rule.SESSION, Rule.SAME, Rule.CHAT_LOST, Rule.QUIET))
        .allSatisfy(rule -> assertThat(findings.checked(rule)).as(rule.promise()).isPositive());
  }
}
