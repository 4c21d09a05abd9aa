package presence.gateway.http;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import presence.cluster.Door;
import presence.protocol.ErrorCode;
import presence.protocol.InvalidMessage;

/// Asks actors what an HTTP request wants to know. An entity that may be moving is asked again
/// until it answers; an answer that does not come in time is a `TimeoutException`. Beyond a number
/// of open questions a further one is refused, so that whoever asks for every name there could be
/// does not hold up those who chat.
final class Questions {
  private final ActorSystem<?> system;
  private final Duration answerWithin;
  private final Duration repeatEvery;
  private final Semaphore open;
  private final ActorRef<Runnable> postman;

  Questions(ActorSystem<?> system, Duration answerWithin, Duration repeatEvery, int openMax) {
    this.system = system;
    this.answerWithin = answerWithin;
    this.repeatEvery = repeatEvery;
    this.open = new Semaphore(openMax);
    this.postman =
        system.systemActorOf(
            Behaviors.supervise(
                    Behaviors.<Runnable>receiveMessage(errand -> {
                      errand.run();
                      return Behaviors.same();
                    }))
                .onFailure(SupervisorStrategy.resume()), // every request needs it
            "questions",
            Props.empty());
  }

  /// Asks the entity of this id a question that may be repeated.
  <C, R> CompletionStage<R> ask(Door<C> door, String id, Function<ActorRef<R>, C> question) {
    CompletableFuture<Runnable> errand = new CompletableFuture<>();
    CompletionStage<R> answer =
        ask(
            postman,
            (ActorRef<R> replyTo) -> {
              C asked = question.apply(replyTo);
              Runnable tell = () -> door.tell(id, asked);
              errand.complete(tell);
              return tell;
            });
    Cancellable repeats =
        system
            .scheduler()
            .scheduleWithFixedDelay(
                repeatEvery,
                repeatEvery,
                () -> {
                  var _ = errand.thenAccept(Runnable::run);
                },
                system.executionContext());
    return answer.whenComplete((_, _) -> repeats.cancel());
  }

  /// Asks an actor of this node, once.
  <C, R> CompletionStage<R> ask(ActorRef<C> actor, Function<ActorRef<R>, C> question) {
    return counted(() -> AskPattern.ask(actor, question::apply, answerWithin, system.scheduler()));
  }

  /// Asks in some other way, but counts the question.
  <R> CompletionStage<R> counted(Supplier<CompletionStage<R>> question) {
    if (!open.tryAcquire()) {
      return CompletableFuture.failedFuture(
          new InvalidMessage(
              ErrorCode.RATE_LIMITED, "too much is asked of this node at once; try again"));
    }
    CompletionStage<R> answer;
    try {
      answer = question.get();
    } catch (RuntimeException e) {
      open.release();
      throw e;
    }
    return answer.whenComplete((_, _) -> open.release());
  }
}
