package presence.gateway.ws;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.apache.pekko.NotUsed;
import org.apache.pekko.http.impl.engine.server.UpgradeToOtherProtocolResponseHeader;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.http.javadsl.model.ws.Message;
import org.apache.pekko.http.javadsl.model.ws.WebSocketUpgrade;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Graph;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import presence.gateway.ws.frame.CompressionOffer;

/// Answers a WebSocket's handshake so that a flow of ours gets the bytes that follow.
///
/// Pekko HTTP builds the answer for its own message flow; the one header in it that says what runs
/// on the connection afterwards is exchanged. That header's class is internal to Pekko HTTP: this
/// file is the only one that knows it.
public final class WebSocketUpgrades {
  /// The subprotocol of the server, echoed to clients that offer it.
  public static final String SUBPROTOCOL = "presence.v1";

  private static final String EXTENSIONS = "Sec-WebSocket-Extensions";

  /// Safari 15.0 to 15.3 offer what they do not keep: they go on from one message to the next.
  private static final Pattern CANNOT_COMPRESS = Pattern.compile("Version/15\\.[0-3][. ].*Safari/");

  private static final Flow<Message, Message, NotUsed> NO_MESSAGES =
      Flow.fromSinkAndSource(Sink.ignore(), Source.empty());

  private WebSocketUpgrades() {}

  /// The answer to a request that carries this upgrade. A client that does not offer the
  /// subprotocol, or compression, is served the same.
  ///
  /// @param carrier makes what runs on the connection afterwards, by the plan as it was agreed
  public static HttpResponse respond(
      HttpRequest request,
      WebSocketUpgrade upgrade,
      SocketPlan plan,
      Function<SocketPlan, Graph<FlowShape<ByteString, ByteString>, NotUsed>> carrier) {
    Optional<String> compression =
        plan.compression() && canCompress(request)
            ? CompressionOffer.answer(extensions(request))
            : Optional.empty();
    SocketPlan agreed = compression.isPresent() ? plan : plan.plain();
    List<HttpHeader> headers = new ArrayList<>();
    HttpResponse messages = messages(upgrade);
    messages.getHeaders().forEach(headers::add);
    if (!headers.removeIf(UpgradeToOtherProtocolResponseHeader.class::isInstance)) {
      throw new IllegalStateException("Pekko HTTP's answer to a WebSocket has another form");
    }
    headers.add(header(carrier.apply(agreed)));
    compression.ifPresent(answer -> headers.add(RawHeader.create(EXTENSIONS, answer)));
    return messages.withHeaders(headers);
  }

  private static UpgradeToOtherProtocolResponseHeader header(
      Graph<FlowShape<ByteString, ByteString>, NotUsed> bytes) {
    Flow<ByteString, ByteString, Object> flow =
        Flow.fromGraph(bytes).mapMaterializedValue(nothing -> nothing);
    return new UpgradeToOtherProtocolResponseHeader(flow.asScala());
  }

  private static boolean canCompress(HttpRequest request) {
    return request
        .getHeader("User-Agent")
        .filter(agent -> CANNOT_COMPRESS.matcher(agent.value()).find())
        .isEmpty();
  }

  private static List<String> extensions(HttpRequest request) {
    List<String> values = new ArrayList<>(1);
    for (HttpHeader header : request.getHeaders()) {
      if (header.name().equalsIgnoreCase(EXTENSIONS)) {
        values.add(header.value());
      }
    }
    return values;
  }

  private static HttpResponse messages(WebSocketUpgrade upgrade) {
    return offers(upgrade)
        ? upgrade.handleMessagesWith(NO_MESSAGES, SUBPROTOCOL)
        : upgrade.handleMessagesWith(NO_MESSAGES);
  }

  private static boolean offers(WebSocketUpgrade upgrade) {
    for (String protocol : upgrade.getRequestedProtocols()) {
      if (protocol.equals(SUBPROTOCOL)) {
        return true;
      }
    }
    return false;
  }
}
