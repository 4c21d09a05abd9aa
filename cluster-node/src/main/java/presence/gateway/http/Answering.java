package presence.gateway.http;

import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.ResponseEntity;
import org.apache.pekko.japi.function.Function;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.KillSwitches;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.SharedKillSwitch;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.stream.stage.InHandler;
import org.apache.pekko.stream.stage.OutHandler;
import org.jspecify.annotations.Nullable;

/// One HTTP connection: answers its requests one after the other. A stream of events ends when its
/// client hangs up.
///
/// A client may close its side and still wait for an answer, and a browser that closes a page does
/// nothing else: of a page that is gone no more would be seen until two comments later. So the
/// connection is read on while it is answered, by one request, and whoever closed their side has no
/// streams.
final class Answering extends GraphStage<FlowShape<HttpRequest, HttpResponse>> {
  private record Answer(@Nullable HttpResponse response, @Nullable Throwable failure) {}

  private final Inlet<HttpRequest> in = Inlet.create("requests");
  private final Outlet<HttpResponse> out = Outlet.create("answers");
  private final FlowShape<HttpRequest, HttpResponse> shape = FlowShape.of(in, out);
  private final Function<HttpRequest, CompletionStage<HttpResponse>> handler;

  private Answering(Function<HttpRequest, CompletionStage<HttpResponse>> handler) {
    this.handler = handler;
  }

  /// The flow of one connection.
  static Flow<HttpRequest, HttpResponse, NotUsed> by(
      Function<HttpRequest, CompletionStage<HttpResponse>> handler) {
    return Flow.fromGraph(new Answering(handler));
  }

  @Override
  public FlowShape<HttpRequest, HttpResponse> shape() {
    return shape;
  }

  @Override
  public GraphStageLogic createLogic(Attributes inherited) {
    return new Connection();
  }

  private final class Connection extends GraphStageLogic implements InHandler, OutHandler {
    private final AsyncCallback<Answer> answered = createAsyncCallback(this::onAnswer);
    private boolean answering;
    private @Nullable HttpRequest next;
    private @Nullable HttpResponse ready;
    private @Nullable SharedKillSwitch streams;

    Connection() {
      super(shape);
      setHandler(in, this);
      setHandler(out, this);
    }

    @Override
    public void preStart() {
      pull(in);
    }

    @Override
    public void onPush() {
      next = grab(in);
      work();
    }

    private void work() {
      HttpRequest request = next;
      if (answering || ready != null) {
        return;
      }
      if (request != null) {
        next = null;
        answering = true;
        answer(request);
      } else if (isClosed(in)) {
        completeStage();
      }
    }

    private void answer(HttpRequest request) {
      if (!isClosed(in)) {
        pull(in);
      }
      try {
        var _ =
            handler
                .apply(request)
                .whenComplete(
                    (response, failure) -> answered.invoke(new Answer(response, failure)));
      } catch (Exception e) {
        failStage(e);
      }
    }

    private void onAnswer(Answer answer) {
      answering = false;
      if (answer.response() == null) {
        failStage(answer.failure());
        return;
      }
      ready = answer.response();
      if (isAvailable(out)) {
        onPull();
      }
    }

    @Override
    public void onPull() {
      if (ready != null) {
        push(out, endable(ready));
        ready = null;
        work();
      }
    }

    private HttpResponse endable(HttpResponse answer) {
      if (!ServerSentEvents.isStream(answer)) {
        return answer;
      }
      if (streams == null) {
        streams = KillSwitches.shared("streams");
      }
      if (isClosed(in)) {
        streams.shutdown();
      }
      ResponseEntity entity = answer.entity();
      return answer.withEntity(
          HttpEntities.createChunked(
              entity.getContentType(), entity.getDataBytes().via(streams.flow())));
    }

    @Override
    public void onUpstreamFinish() {
      if (streams != null) {
        streams.shutdown();
      }
      work();
    }
  }
}
