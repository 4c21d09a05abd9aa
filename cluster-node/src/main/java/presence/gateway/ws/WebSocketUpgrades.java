package presence.gateway.ws;

import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.NotUsed;
import org.apache.pekko.http.impl.engine.server.UpgradeToOtherProtocolResponseHeader;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.ws.Message;
import org.apache.pekko.http.javadsl.model.ws.WebSocketUpgrade;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Graph;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/// Answers a WebSocket's handshake so that a flow of ours gets the bytes that follow.
///
/// Pekko HTTP builds the answer for its own message flow; the one header in it that says what runs
/// on the connection afterwards is exchanged. That header's class is internal to Pekko HTTP: this
/// file is the only one that knows it.
public final class WebSocketUpgrades {
  /// The subprotocol of the server, echoed to clients that offer it.
  public static final String SUBPROTOCOL = "presence.v1";

  private static final Flow<Message, Message, NotUsed> NO_MESSAGES =
      Flow.fromSinkAndSource(Sink.ignore(), Source.empty());

  private final UpgradeToOtherProtocolResponseHeader socket;

  /// @param bytes what runs on the connection afterwards
  public WebSocketUpgrades(Graph<FlowShape<ByteString, ByteString>, NotUsed> bytes) {
    Flow<ByteString, ByteString, Object> sockets =
        Flow.fromGraph(bytes).mapMaterializedValue(nothing -> nothing);
    socket = new UpgradeToOtherProtocolResponseHeader(sockets.asScala());
  }

  /// The answer to a request that carries this upgrade. A client that does not offer the
  /// subprotocol is served the same.
  public HttpResponse respond(WebSocketUpgrade upgrade) {
    HttpResponse messages =
        offers(upgrade)
            ? upgrade.handleMessagesWith(NO_MESSAGES, SUBPROTOCOL)
            : upgrade.handleMessagesWith(NO_MESSAGES);
    List<HttpHeader> headers = new ArrayList<>();
    messages.getHeaders().forEach(headers::add);
    if (!headers.removeIf(UpgradeToOtherProtocolResponseHeader.class::isInstance)) {
      throw new IllegalStateException("Pekko HTTP's answer to a WebSocket has another form");
    }
    headers.add(socket);
    return messages.withHeaders(headers);
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
