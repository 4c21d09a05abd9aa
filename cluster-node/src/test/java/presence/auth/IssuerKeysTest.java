package presence.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static presence.auth.Forge.jwk;
import static presence.auth.Forge.set;

import java.io.IOException;
import java.security.KeyPair;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import presence.auth.VerificationKeys.Found;

@Timeout(30)
class IssuerKeysTest {
  private static final KeyPair OLD = Forge.ec("secp256r1");
  private static final KeyPair NEW = Forge.ec("secp256r1");
  private static final String OLD_SET = set(jwk(OLD.getPublic(), "old"));
  private static final String NEW_SET = set(jwk(NEW.getPublic(), "new"));
  private static final KeyRefresh REFRESH =
      new KeyRefresh(Duration.ofMinutes(10), Duration.ofSeconds(10), Duration.ofSeconds(1));
  private static final Found FOUND_OLD = new Found.Candidates(List.of(OLD.getPublic()));
  private static final Found FOUND_NEW = new Found.Candidates(List.of(NEW.getPublic()));
  private static final Found UNKNOWN = new Found.Unknown();
  private static final Found UNREACHABLE = new Found.Unreachable();

  private final TestClock clock = new TestClock();
  private final Deque<CompletableFuture<String>> asked = new ArrayDeque<>();
  private final IssuerKeys keys =
      new IssuerKeys(
          () -> {
            asked.add(new CompletableFuture<>());
            return asked.getLast();
          },
          REFRESH,
          clock);

  private CompletableFuture<Found> find(@Nullable String keyId) {
    return keys.find("ES256", keyId).toCompletableFuture();
  }

  private void answer(String keySet) {
    asked.remove().complete(keySet);
  }

  private void fail() {
    asked.remove().completeExceptionally(new IOException("no route"));
  }

  private void seconds(long seconds) {
    clock.advance(Duration.ofSeconds(seconds));
  }

  private void knowTheOldKey() {
    CompletableFuture<Found> first = find("old");
    answer(OLD_SET);
    assertThat(first).isCompletedWithValue(FOUND_OLD);
  }

  @Test
  void manyWhoNeedAKeyCauseOneFetch() {
    List<CompletableFuture<Found>> waiting =
        IntStream.range(0, 100).mapToObj(_ -> find("old")).toList();
    assertThat(asked).hasSize(1);
    assertThat(waiting).allSatisfy(each -> assertThat(each).isNotDone());
    answer(OLD_SET);
    assertThat(waiting).allSatisfy(each -> assertThat(each).isCompletedWithValue(FOUND_OLD));
  }

  @Test
  void aKnownKeyIsFoundWithoutAFetch() {
    knowTheOldKey();
    assertThat(find("old")).isCompletedWithValue(FOUND_OLD);
    assertThat(find(null)).isCompletedWithValue(FOUND_OLD);
    assertThat(asked).isEmpty();
  }

  @Test
  void anUnknownKeyCausesOneFetchAPause() {
    knowTheOldKey();
    assertThat(find("new")).isCompletedWithValue(UNKNOWN);
    seconds(9);
    assertThat(find("new")).isCompletedWithValue(UNKNOWN);
    assertThat(asked).isEmpty();
    seconds(1);
    CompletableFuture<Found> rotated = find("new");
    assertThat(rotated).isNotDone();
    answer(NEW_SET);
    assertThat(rotated).isCompletedWithValue(FOUND_NEW);
  }

  @Test
  void aKeyTheIssuerWithdrewIsUnknown() {
    knowTheOldKey();
    seconds(10);
    CompletableFuture<Found> rotated = find("new");
    answer(NEW_SET);
    assertThat(rotated).isDone();
    assertThat(find("old")).isCompletedWithValue(UNKNOWN);
  }

  @Test
  void oldKeysAreFetchedAnewWhileTheyStayInUse() {
    knowTheOldKey();
    seconds(599);
    assertThat(find("old")).isCompletedWithValue(FOUND_OLD);
    assertThat(asked).isEmpty();
    seconds(1);
    assertThat(find("old")).isCompletedWithValue(FOUND_OLD);
    assertThat(find("old")).isCompletedWithValue(FOUND_OLD);
    assertThat(asked).hasSize(1);
    answer(NEW_SET);
    assertThat(find("new")).isCompletedWithValue(FOUND_NEW);
    assertThat(find("old")).isCompletedWithValue(UNKNOWN);
  }

  @Test
  void knownKeysWorkHoweverLongTheIssuerIsAway() {
    knowTheOldKey();
    for (int day = 0; day < 100; day++) {
      clock.advance(Duration.ofDays(1));
      assertThat(find("old")).isCompletedWithValue(FOUND_OLD);
      fail();
      assertThat(find("old")).isCompletedWithValue(FOUND_OLD);
      assertThat(asked).isEmpty();
    }
  }

  @Test
  void whileTheIssuerIsAwayAnUnknownKeyMayYetBeGood() {
    knowTheOldKey();
    seconds(10);
    CompletableFuture<Found> unknown = find("new");
    fail();
    assertThat(unknown).isCompletedWithValue(UNREACHABLE);
    assertThat(find("new")).isCompletedWithValue(UNREACHABLE);
    assertThat(asked).isEmpty();
  }

  @Test
  void anIssuerThatFailsIsAskedOnceARetry() {
    CompletableFuture<Found> first = find("old");
    fail();
    assertThat(first).isCompletedWithValue(UNREACHABLE);
    assertThat(find("old")).isCompletedWithValue(UNREACHABLE);
    assertThat(asked).isEmpty();
    seconds(1);
    CompletableFuture<Found> second = find("old");
    answer(OLD_SET);
    assertThat(second).isCompletedWithValue(FOUND_OLD);
  }

  @Test
  void garbageIsAFailureAndTakesNoKeyAway() {
    knowTheOldKey();
    seconds(10);
    for (String garbage : new String[] {"", "<html>", "{\"keys\":[]}"}) {
      CompletableFuture<Found> unknown = find("new");
      answer(garbage);
      assertThat(unknown).isCompletedWithValue(UNREACHABLE);
      assertThat(find("old")).isCompletedWithValue(FOUND_OLD);
      seconds(1);
    }
  }

  @Test
  void onlySoManyWaitForAnIssuerThatHangs() {
    List<CompletableFuture<Found>> waiting =
        IntStream.range(0, 1_000).mapToObj(_ -> find("old")).toList();
    assertThat(find("old")).isCompletedWithValue(UNREACHABLE);
    assertThat(asked).hasSize(1);
    fail();
    assertThat(waiting).allSatisfy(each -> assertThat(each).isCompletedWithValue(UNREACHABLE));
    seconds(1);
    CompletableFuture<Found> next = find("old");
    answer(OLD_SET);
    assertThat(next).isCompletedWithValue(FOUND_OLD);
  }

  @Test
  void whoHasAKnownKeyNeverWaits() {
    knowTheOldKey();
    seconds(10);
    CompletableFuture<Found> unknown = find("new");
    assertThat(find("old")).isCompletedWithValue(FOUND_OLD);
    assertThat(unknown).isNotDone();
  }

  @Test
  void aFetchThatFailsAtOnceIsAFailure() {
    IssuerKeys dead =
        new IssuerKeys(
            () -> CompletableFuture.failedFuture(new IOException("no thread")), REFRESH, clock);
    for (int i = 0; i < 3_000; i++) {
      assertThat(dead.find("ES256", "old").toCompletableFuture()).isCompletedWithValue(UNREACHABLE);
      clock.advance(Duration.ofSeconds(1));
    }
  }

  @Test
  void aClockSetBackDoesNotStopTheFetching() {
    knowTheOldKey();
    seconds(-3_600);
    CompletableFuture<Found> rotated = find("new");
    answer(NEW_SET);
    assertThat(rotated).isCompletedWithValue(FOUND_NEW);
  }
}
