package presence.gateway.http;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import presence.cluster.Door;
import presence.protocol.ErrorCode;
import presence.protocol.InvalidMessage;

/// Asks actors what an HTTP request wants to know. An answer that does not come in time is a
/// `TimeoutException`; beyond a number of open questions a further one is refused, so that whoever
/// asks for every name there could be does not hold up those who chat.
final class Questions {
  private final ActorSystem<?> system;
  private final Duration answerWithin;
  private final Semaphore open;
  private final ActorRef<Runnable> postman;

  Questions(ActorSystem<?> system, Duration answerWithin, int openMax) {
    this.system = system;
    this.answerWithin = answerWithin;
    this.open = new Semaphore(openMax);
    this.postman =
        system.systemActorOf(
            Behaviors.receiveMessage(errand -> {
              errand.run();
              return Behaviors.same();
            }),
            "questions",
            Props.empty());
  }

  /// Asks the entity of this id.
  <C, R> CompletionStage<R> ask(Door<C> door, String id, Function<ActorRef<R>, C> question) {
    return ask(postman, (ActorRef<R> replyTo) -> () -> door.tell(id, question.apply(replyTo)));
  }

  /// Asks an actor of this node.
  <C, R> CompletionStage<R> ask(ActorRef<C> actor, Function<ActorRef<R>, C> question) {
    if (!open.tryAcquire()) {
      return CompletableFuture.failedFuture(
          new InvalidMessage(
              ErrorCode.RATE_LIMITED, "too much is asked of this node at once; try again"));
    }
    return AskPattern.<C, R>ask(actor, question::apply, answerWithin, system.scheduler())
        .whenComplete((answer, failure) -> open.release());
  }
}
