package presence.load.peers.server;

import java.util.Map;
import java.util.Objects;
import org.cometd.bayeux.server.ServerChannel;
import org.cometd.bayeux.server.ServerMessage;
import org.cometd.bayeux.server.ServerSession;
import org.cometd.server.AbstractServerTransport;
import org.cometd.server.BayeuxServerImpl;
import org.cometd.server.JacksonJSONContextServer;
import org.cometd.server.websocket.common.AbstractWebSocketTransport;
import org.cometd.server.websocket.jetty.JettyWebSocketTransport;
import org.eclipse.jetty.server.Context;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ContextHandler;
import org.eclipse.jetty.websocket.server.WebSocketUpgradeHandler;

/// CometD on Jetty's WebSockets: the room is a channel, to which members publish what they say.
public final class CometDServer {
  private static final int BACKLOG = 1_024;

  /// It would compress each message for each socket.
  private static final String DEFLATE = "permessage-deflate";

  private CometDServer() {}

  public static void main(String[] args) throws Exception {
    Server jetty = new Server();
    ServerConnector connector = new ServerConnector(jetty);
    connector.setHost("127.0.0.1");
    connector.setAcceptQueueSize(BACKLOG);
    jetty.addConnector(connector);
    ContextHandler context = new ContextHandler("/");
    context.setHandler(WebSocketUpgradeHandler.from(jetty, context));
    jetty.setHandler(context);

    BayeuxServerImpl bayeux = new BayeuxServerImpl();
    bayeux.setOption(Context.class.getName(), context.getContext());
    bayeux.setOption(AbstractWebSocketTransport.COMETD_URL_MAPPING_OPTION, "/cometd");
    bayeux.setOption(AbstractServerTransport.JSON_CONTEXT_OPTION, new JacksonJSONContextServer());
    bayeux.setOption(AbstractWebSocketTransport.ENABLE_EXTENSION_PREFIX_OPTION + DEFLATE, false);
    bayeux.setTransports(new JettyWebSocketTransport(bayeux));
    bayeux.setAllowedTransports("websocket");
    jetty.start();
    bayeux.start();
    serve(bayeux);
    Parent.serve(connector.getLocalPort());
    bayeux.stop();
    jetty.stop();
  }

  private static void serve(BayeuxServerImpl bayeux) {
    ChannelRoom room = new ChannelRoom(channel(bayeux, "/room"));
    listen(
        bayeux,
        "/service/join",
        (from, message) -> {
          Map<String, Object> data = message.getDataAsMap();
          room.join(from, ((Number) Objects.requireNonNull(data.get("who"))).intValue());
        });
    listen(bayeux, "/service/leave", (from, _) -> room.leave(from));
    listen(bayeux, "/service/part", (from, _) -> room.forget(from));
  }

  private interface Listener {
    void heard(ServerSession from, ServerMessage message);
  }

  private static void listen(BayeuxServerImpl bayeux, String name, Listener listener) {
    channel(bayeux, name)
        .addListener(
            new ServerChannel.MessageListener() {
              @Override
              public boolean onMessage(
                  ServerSession from, ServerChannel channel, ServerMessage.Mutable message) {
                listener.heard(from, message);
                return true;
              }
            });
  }

  private static ServerChannel channel(BayeuxServerImpl bayeux, String name) {
    return bayeux
        .createChannelIfAbsent(name, channel -> channel.setPersistent(true))
        .getReference();
  }
}
