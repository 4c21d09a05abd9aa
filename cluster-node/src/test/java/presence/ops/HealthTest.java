package presence.ops;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import presence.ops.Health.Check;

@Timeout(20)
class HealthTest {

  @Test
  void aNodeWaitsForWhatFailsAndForNothingElse() throws Exception {
    assertThat(
            waitsFor(
                check("journal", CompletableFuture.completedFuture(true)),
                check("cluster member", CompletableFuture.completedFuture(false)),
                check("entities", CompletableFuture.failedFuture(new IllegalStateException()))))
        .containsExactly("cluster member", "entities");
  }

  @Test
  void aCheckThatNeverAnswersFails() throws Exception {
    assertThat(waitsFor(check("entities", new CompletableFuture<>()))).containsExactly("entities");
  }

  @Test
  void aNodeThatWaitsForNothingIsReady() throws Exception {
    assertThat(waitsFor()).isEmpty();
  }

  @Test
  void theBuildKnowsItsVersion() {
    assertThat(Build.current().version()).matches("\\d+\\.\\d+\\.\\d+.*");
    assertThat(Build.current().commit()).isNotEmpty().doesNotContain("$");
  }

  private static List<String> waitsFor(Check... checks) throws Exception {
    var health = new Health(new Build("1", "abc"), Instant.EPOCH, () -> List.of(checks));
    return health.waitsFor().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  private static Check check(String waitsFor, CompletionStage<Boolean> passes) {
    return new Check(waitsFor, () -> passes);
  }
}
