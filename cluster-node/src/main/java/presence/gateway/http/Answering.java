package presence.gateway.http;

import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.ResponseEntity;
import org.apache.pekko.japi.function.Function;
import org.apache.pekko.stream.KillSwitches;
import org.apache.pekko.stream.OverflowStrategy;
import org.apache.pekko.stream.SharedKillSwitch;
import org.apache.pekko.stream.javadsl.Flow;

/// One HTTP connection: answers its requests one after the other. A stream of events ends when its
/// client hangs up.
///
/// A client may close its side and still wait for an answer, and a browser that closes a page does
/// nothing else: of a page that is gone no more would be seen until two comments later. So the
/// connection is read on while it is answered, which takes a request that waits, and whoever closed
/// their side has no streams.
public final class Answering {
  private static final int AHEAD = 1;

  private Answering() {}

  /// The flow of one connection.
  public static Flow<HttpRequest, HttpResponse, NotUsed> by(
      Function<HttpRequest, CompletionStage<HttpResponse>> handler) {
    return Flow.fromMaterializer((_, _) -> answering(handler))
        .mapMaterializedValue(_ -> NotUsed.getInstance());
  }

  private static Flow<HttpRequest, HttpResponse, NotUsed> answering(
      Function<HttpRequest, CompletionStage<HttpResponse>> handler) {
    SharedKillSwitch streams = KillSwitches.shared("streams");
    return Flow.of(HttpRequest.class)
        .watchTermination((materialized, done) -> {
          done.whenComplete((_, _) -> streams.shutdown());
          return materialized;
        })
        .buffer(AHEAD, OverflowStrategy.backpressure())
        .mapAsync(
            1, request -> handler.apply(request).thenApply(answer -> endsWith(streams, answer)));
  }

  private static HttpResponse endsWith(SharedKillSwitch streams, HttpResponse answer) {
    ResponseEntity entity = answer.entity();
    return ServerSentEvents.isStream(answer)
        ? answer.withEntity(
            HttpEntities.createChunked(
                entity.getContentType(), entity.getDataBytes().via(streams.flow())))
        : answer;
  }
}
