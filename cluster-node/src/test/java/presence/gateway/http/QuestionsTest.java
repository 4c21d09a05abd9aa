package presence.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.server.Directives;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import presence.cluster.Door;
import presence.protocol.ErrorCode;
import presence.protocol.InvalidMessage;

@Timeout(60)
class QuestionsTest {
  private final ActorTestKit kit = ActorTestKit.create();
  private final Questions questions =
      new Questions(kit.system(), Duration.ofSeconds(3), Duration.ofMillis(50), 2);

  private record Question(ActorRef<String> replyTo) {}

  @AfterEach
  void stop() {
    kit.shutdownTestKit();
  }

  @Test
  void anEntityThatIsMovingIsAskedUntilItAnswers() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    Door<Question> moving =
        (id, question) -> {
          if (asked.incrementAndGet() == 3) {
            question.replyTo().tell(id + " is here");
          }
        };

    assertThat(get(questions.ask(moving, "ann", Question::new))).isEqualTo("ann is here");
  }

  @Test
  void whatIsNeverAnsweredIsUnavailable() {
    CompletionStage<String> answer = questions.ask((id, question) -> {}, "ann", Question::new);

    assertThatThrownBy(() -> get(answer)).hasCauseInstanceOf(TimeoutException.class);
    HttpResponse response = served(answer);
    assertThat(response.status().intValue()).isEqualTo(503);
    assertThat(response.getHeader("Retry-After")).isPresent();
    assertThat(body(response)).contains("\"code\":\"unavailable\"");
  }

  @Test
  void oneQuestionTooManyIsRefusedUntilAnotherIsAnswered() throws Exception {
    Queue<ActorRef<String>> open = new ArrayDeque<>();
    Door<Question> slow =
        (id, question) -> {
          if (open.isEmpty()) {
            open.add(question.replyTo());
          }
        };
    CompletionStage<String> first = questions.counted(CompletableFuture::new);
    CompletableFuture<String> second = new CompletableFuture<>();
    CompletionStage<String> counted = questions.counted(() -> second);

    CompletionStage<String> third = questions.ask(slow, "ann", Question::new);

    assertThatThrownBy(() -> get(third)).hasCauseInstanceOf(InvalidMessage.class);
    HttpResponse response = served(third);
    assertThat(response.status().intValue()).isEqualTo(429);
    assertThat(body(response)).contains("\"code\":\"rate_limited\"");
    assertThat(response.getHeader("Retry-After")).isPresent();
    second.complete("answered");
    assertThat(get(counted)).isEqualTo("answered");
    assertThat(get(questions.counted(() -> CompletableFuture.completedFuture("taken"))))
        .isEqualTo("taken");
    assertThat(first).isNotCompleted();
  }

  @Test
  void aQuestionThatCannotBeAskedHarmsNoOther() throws Exception {
    Door<Question> answering = (id, question) -> question.replyTo().tell(id + " is here");
    for (int time = 0; time < 3; time++) {
      assertThatThrownBy(() ->
              questions.<Question, String>ask(
                  answering,
                  "ann",
                  replyTo -> {
                    throw new InvalidMessage(ErrorCode.BAD_MESSAGE, "no such name");
                  }))
          .isInstanceOf(InvalidMessage.class);
    }

    assertThat(get(questions.ask(answering, "ann", Question::new))).isEqualTo("ann is here");
  }

  @Test
  void aDoorThatFailsIsFailedForOneOnly() throws Exception {
    Door<Question> broken =
        (id, question) -> {
          throw new IllegalStateException("a broken door");
        };
    CompletionStage<String> unanswered = questions.ask(broken, "ann", Question::new);

    assertThat(
            get(
                questions.<Question, String>ask(
                    (id, question) -> question.replyTo().tell(id + " is here"),
                    "bob",
                    Question::new)))
        .isEqualTo("bob is here");
    assertThatThrownBy(() -> get(unanswered)).hasCauseInstanceOf(TimeoutException.class);
  }

  @Test
  void aMistakeOfTheServersSaysNothingOfItself() {
    HttpResponse response =
        served(CompletableFuture.failedFuture(new IllegalStateException("secret")));

    assertThat(response.status().intValue()).isEqualTo(500);
    assertThat(body(response)).contains("\"code\":\"internal\"").doesNotContain("secret");
  }

  private HttpResponse served(CompletionStage<String> answer) {
    try {
      return get(
          Failures.sealed(
                  Directives.completeWithFuture(
                      answer.thenApply(text -> HttpResponse.create().withEntity(text))))
              .function(kit.system())
              .apply(HttpRequest.GET("/")));
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private String body(HttpResponse response) {
    return response
        .entity()
        .toStrict(1000, kit.system())
        .toCompletableFuture()
        .join()
        .getData()
        .utf8String();
  }

  private static <T> T get(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(10, TimeUnit.SECONDS);
  }
}
