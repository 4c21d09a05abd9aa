package presence.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import presence.session.WordFilter;
import presence.session.WordFilter.Opinion;
import presence.session.WordFilter.Remark;

/// The word filter of the configuration, and what it may do without harm.
@Timeout(30)
class FilteringTest {
  private static final Remark REMARK = new Remark("@ann", "room", "hello");
  private static final Filtering.Limits LIMITS =
      new Filtering.Limits(1, Duration.ofSeconds(20), 10);

  /// As somebody may write it.
  public static final class NoDamn implements WordFilter {
    @Override
    public CompletionStage<Opinion> judge(Remark remark) {
      return CompletableFuture.completedStage(
          remark.text().contains("damn")
              ? new Opinion.Refuse("mind your language")
              : new Opinion.Pass());
    }
  }

  /// Cannot be made.
  public static final class Broken implements WordFilter {
    public Broken() {
      throw new IllegalStateException("its word list is not there");
    }

    @Override
    public CompletionStage<Opinion> judge(Remark remark) {
      return CompletableFuture.completedStage(new Opinion.Pass());
    }
  }

  private static Opinion judged(WordFilter filter, String text) throws Exception {
    return filter
        .judge(new Remark("@ann", "room", text))
        .toCompletableFuture()
        .get(20, TimeUnit.SECONDS);
  }

  private static void assertFails(WordFilter filter) {
    assertThatThrownBy(() -> judged(filter, "hello")).isInstanceOf(ExecutionException.class);
  }

  private static Filtering thatAnswers(Opinion opinion) {
    return new Filtering(_ -> CompletableFuture.completedStage(opinion), LIMITS);
  }

  @Nested
  class OfTheConfiguration {
    private static Config with(String name) {
      return NodeConfig.load(Map.of("PRESENCE_FILTER_CLASS", name)).presence();
    }

    @Test
    void itIsNoneUnlessOneIsNamed() {
      assertThat(Filtering.of(with(""))).isSameAs(WordFilter.NONE);
    }

    @Test
    void itIsTheOneThatIsNamed() throws Exception {
      WordFilter filter = Filtering.of(with(NoDamn.class.getName()));
      assertThat(judged(filter, "hello")).isEqualTo(new Opinion.Pass());
      assertThat(judged(filter, "damn")).isEqualTo(new Opinion.Refuse("mind your language"));
    }

    @ParameterizedTest
    @CsvSource({
      "no.such.Filter, there is no class no.such.Filter on the class path",
      "java.lang.String, java.lang.String is no presence.session.WordFilter"
    })
    void whatIsNoFilterIsRefusedBeforeAnythingIsStarted(String name, String problem) {
      assertThatThrownBy(() -> with(name))
          .isInstanceOf(ConfigurationError.class)
          .hasMessage("PRESENCE_FILTER_CLASS: " + problem);
    }

    @Test
    void oneThatCannotBeMadeIsAConfigurationErrorToo() {
      Config broken = with(Broken.class.getName());
      assertThatThrownBy(() -> Filtering.of(broken))
          .isInstanceOf(ConfigurationError.class)
          .hasMessageStartingWith("PRESENCE_FILTER_CLASS: " + Broken.class.getName());
    }
  }

  @Nested
  class ThatMisbehaves {
    @Test
    void mayBlockWithoutHoldingUpWhoAsks() throws Exception {
      CountDownLatch end = new CountDownLatch(1);
      Filtering filter =
          new Filtering(
              remark -> {
                try {
                  end.await();
                } catch (InterruptedException e) {
                  throw new IllegalStateException(e);
                }
                return CompletableFuture.completedStage(new Opinion.Pass());
              },
              LIMITS);

      CompletableFuture<Opinion> first = filter.judge(REMARK).toCompletableFuture();
      assertThat(first).isNotDone();
      assertFails(filter); // one at a time

      end.countDown();
      assertThat(first.get(20, TimeUnit.SECONDS)).isEqualTo(new Opinion.Pass());
      assertThat(judged(filter, "hello")).isEqualTo(new Opinion.Pass());
    }

    @Test
    void hasNotJudgedWhenItFails() {
      assertFails(
          new Filtering(
              remark -> {
                throw new IllegalStateException("out of order");
              },
              LIMITS));
      assertFails(
          new Filtering(
              remark -> CompletableFuture.failedStage(new IllegalStateException()), LIMITS));
    }

    @Test
    void hasNotJudgedWhenItDoesNotAnswerInTime() {
      assertFails(
          new Filtering(
              remark -> new CompletableFuture<>(),
              new Filtering.Limits(1, Duration.ofMillis(50), 10)));
    }

    @Test
    void maySayNeitherNothingNorTooMuchInstead() throws Exception {
      assertFails(thatAnswers(new Opinion.Replace("")));
      assertFails(thatAnswers(new Opinion.Replace("x".repeat(11))));
      assertThat(judged(thatAnswers(new Opinion.Replace("x".repeat(10))), "damn"))
          .isEqualTo(new Opinion.Replace("x".repeat(10)));
    }
  }
}
