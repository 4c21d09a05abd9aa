package presence.gateway.http;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.util.ByteString;
import presence.gateway.Caller;
import presence.gateway.Callers;
import presence.gateway.Visit;

/// Streams of events, which count among the sockets of their callers.
final class Counted {
  private Counted() {}

  /// The stream that this yields, if its caller may have one more.
  static CompletionStage<HttpResponse> stream(
      Site site, HttpRequest request, Supplier<CompletionStage<HttpResponse>> stream) {
    Optional<Caller> caller = site.caller(request);
    Duration wait = caller.map(site.callers()::mayOpen).orElse(Duration.ZERO);
    if (wait.isPositive()) {
      return CompletableFuture.completedFuture(
          Reply.tooMany("too many streams go to this address", wait));
    }
    return caller
        .map(each -> stream.get().thenApply(answer -> counted(answer, site.callers(), each)))
        .orElseGet(stream);
  }

  /// Counts from when it is read to when it is read no more.
  private static HttpResponse counted(HttpResponse answer, Callers callers, Caller caller) {
    if (answer.entity().isStrict()) {
      return answer;
    }
    return answer.transformEntityDataBytes(
        Flow.<ByteString>create()
            .watchTermination((nothing, done) -> {
              Visit visit = Visit.begin(callers, caller);
              var _ = done.whenComplete((end, failure) -> visit.end());
              return nothing;
            }));
  }
}
