package presence.load.peers.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;

/// What one client of a [NettyServer] says.
final class RoomHandler extends SimpleChannelInboundHandler<TextWebSocketFrame> {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Room room;

  RoomHandler(Room room) {
    this.room = room;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, TextWebSocketFrame frame)
      throws Exception {
    JsonNode said = JSON.readTree(frame.text());
    switch (said.path("type").asText()) {
      case "join" -> room.join(context.channel(), said.path("who").asInt());
      case "leave" -> room.leave(context.channel());
      case "say" -> room.say(context.channel(), said.path("text").asText());
      case "part" -> {
        room.forget(context.channel());
        close(context);
      }
      default -> throw new IllegalArgumentException(frame.text());
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    room.leave(context.channel());
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    System.err.println("Exception: " + cause);
    close(context);
  }

  private static void close(ChannelHandlerContext context) {
    ChannelFuture _ = context.close();
  }
}
