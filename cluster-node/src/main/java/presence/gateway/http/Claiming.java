package presence.gateway.http;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongFunction;
import java.util.function.Predicate;
import org.apache.pekko.actor.typed.ActorRef;
import presence.cluster.Door;
import presence.protocol.ErrorCode;
import presence.protocol.InvalidMessage;
import presence.workspace.Client;

/// How a client comes to a claim: the client's entity numbers it, then the workspace takes it. A
/// number that is over by then is exchanged for another.
final class Claiming {
  /// Each further try means that the claim ended between two messages.
  private static final int TRIES = 5;

  private final Questions questions;
  private final Door<Client.Command> clients;

  Claiming(Questions questions, Door<Client.Command> clients) {
    this.questions = questions;
    this.clients = clients;
  }

  /// What a claim does, once it has a number that the workspace takes.
  ///
  /// @param over whether the answer says that the number was over
  <A> CompletionStage<A> claim(
      String client, String workspace, LongFunction<CompletionStage<A>> claim, Predicate<A> over) {
    return claim(client, workspace, 0, TRIES, claim, over);
  }

  private <A> CompletionStage<A> claim(
      String client,
      String workspace,
      long last,
      int tries,
      LongFunction<CompletionStage<A>> claim,
      Predicate<A> over) {
    return number(client, workspace, last)
        .thenCompose(n ->
            claim
                .apply(n)
                .thenCompose(answer ->
                    over.test(answer) && tries > 1
                        ? claim(client, workspace, n, tries - 1, claim, over)
                        : CompletableFuture.completedFuture(answer)));
  }

  private CompletionStage<Long> number(String client, String workspace, long over) {
    return questions
        .ask(
            clients,
            client,
            (ActorRef<Client.Admission> replyTo) -> new Client.Admit(workspace, over, replyTo))
        .thenApply(admission ->
            switch (admission) {
              case Client.Admitted admitted -> admitted.n();
              case Client.Turned.RETIRED ->
                  throw new InvalidMessage(ErrorCode.CONFLICT, "this client has retired");
              case Client.Turned.TOO_MANY ->
                  throw new InvalidMessage(
                      ErrorCode.RATE_LIMITED, "this client has all the workspaces it may have");
            });
  }
}
