package presence.gateway.http;

import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.pekko.Done;
import org.apache.pekko.stream.stage.AsyncCallback;

/// The stages of one kind that run on a port, one a connection: they can be told all at once that
/// they are to end. Who begins after that is told at once.
final class StageGroup {
  private final Set<AsyncCallback<Done>> members = ConcurrentHashMap.newKeySet();
  private final CompletableFuture<Done> gone = new CompletableFuture<>();
  private volatile boolean ending;
  private volatile boolean awaited;

  /// A stage begins.
  ///
  /// @param end called within it when it is to end; may be called twice
  void enter(AsyncCallback<Done> end) {
    members.add(end);
    if (ending) {
      end.invoke(Done.getInstance());
    }
  }

  /// A stage has ended.
  void leave(AsyncCallback<Done> end) {
    members.remove(end);
    look();
  }

  /// All are to end.
  void end() {
    ending = true;
    members.forEach(each -> each.invoke(Done.getInstance()));
  }

  /// Completes at the first moment from now on when there is none.
  CompletionStage<Done> gone() {
    awaited = true;
    look();
    return gone;
  }

  private void look() {
    if (awaited && members.isEmpty()) {
      gone.complete(Done.getInstance());
    }
  }
}
