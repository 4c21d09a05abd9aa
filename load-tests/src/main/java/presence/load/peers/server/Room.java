package presence.load.peers.server;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/// Who is in the only room of a [NettyServer]. What is told is encoded once for all.
final class Room {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Map<Channel, Integer> members = new LinkedHashMap<>();

  synchronized void join(Channel channel, int who) {
    ObjectNode here = JSON.createObjectNode().put("type", "here");
    ArrayNode people = here.putArray("who");
    members.values().forEach(people::add);
    people.add(who);
    tell(JSON.createObjectNode().put("type", "came").put("who", who));
    members.put(channel, who);
    send(channel, new TextWebSocketFrame(here.toString()));
  }

  synchronized void leave(Channel channel) {
    Integer who = members.remove(channel);
    if (who != null) {
      tell(JSON.createObjectNode().put("type", "left").put("who", who));
    }
  }

  synchronized void say(Channel channel, String text) {
    Integer who = members.get(channel);
    if (who != null) {
      tell(JSON.createObjectNode().put("type", "said").put("who", who).put("text", text));
    }
  }

  /// Takes somebody out without a word.
  synchronized void forget(Channel channel) {
    members.remove(channel);
  }

  private void tell(ObjectNode what) {
    ByteBuf bytes = Unpooled.copiedBuffer(what.toString(), StandardCharsets.UTF_8);
    for (Channel member : members.keySet()) {
      send(member, new TextWebSocketFrame(bytes.retainedDuplicate()));
    }
    bytes.release();
  }

  /// Who cannot be told is gone, and leaves as such.
  private static void send(Channel channel, TextWebSocketFrame frame) {
    ChannelFuture _ = channel.writeAndFlush(frame);
  }
}
