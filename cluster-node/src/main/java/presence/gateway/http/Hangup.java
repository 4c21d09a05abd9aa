package presence.gateway.http;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.http.javadsl.model.AttributeKey;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.japi.function.Function;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.KillSwitches;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.stream.stage.AbstractInHandler;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;

/// Lets an answer that never ends know that its reader has closed the connection. The server itself
/// takes that for the end of the requests, goes on answering the last, and notices only when it
/// writes: with a quiet stream, two comments later.
public final class Hangup extends GraphStage<FlowShape<HttpRequest, HttpRequest>> {
  private record Connection(CompletionStage<Done> closed) {}

  private static final AttributeKey<Connection> CONNECTION =
      AttributeKey.create("connection", Connection.class);

  private final Inlet<HttpRequest> in = Inlet.create("requests");
  private final Outlet<HttpRequest> out = Outlet.create("requests-of-a-connection");
  private final FlowShape<HttpRequest, HttpRequest> shape = FlowShape.of(in, out);

  private Hangup() {}

  /// What answers the requests of one connection, one after the other.
  public static Flow<HttpRequest, HttpResponse, NotUsed> heardBy(
      Function<HttpRequest, CompletionStage<HttpResponse>> handler) {
    return Flow.fromGraph(new Hangup()).mapAsync(1, handler);
  }

  /// The same, but it ends when whoever asked has closed the connection.
  static <T> Source<T, ?> ends(HttpRequest request, Source<T, ?> answer) {
    Optional<Connection> connection = request.getAttribute(CONNECTION);
    return answer
        .viaMat(KillSwitches.<T>single(), Keep.right())
        .mapMaterializedValue(end -> {
          connection.ifPresent(each -> {
            var _ = each.closed().thenRun(end::shutdown);
          });
          return NotUsed.getInstance();
        });
  }

  @Override
  public FlowShape<HttpRequest, HttpRequest> shape() {
    return shape;
  }

  @Override
  public GraphStageLogic createLogic(Attributes attributes) {
    CompletableFuture<Done> closed = new CompletableFuture<>();
    return new GraphStageLogic(shape) {
      {
        setHandler(
            in,
            new AbstractInHandler() {
              @Override
              public void onPush() {
                push(out, grab(in).addAttribute(CONNECTION, new Connection(closed)));
              }
            });
        setHandler(
            out,
            new AbstractOutHandler() {
              @Override
              public void onPull() {
                pull(in);
              }
            });
      }

      @Override
      public void postStop() {
        closed.complete(Done.getInstance());
      }
    };
  }
}
