package presence.load.peers.server;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cometd.bayeux.Promise;
import org.cometd.bayeux.server.ServerChannel;
import org.cometd.bayeux.server.ServerSession;

/// Who is in the only room of a [CometDServer]: the subscribers of its channel.
final class ChannelRoom {
  private final ServerChannel channel;
  private final Map<ServerSession, Integer> members = new LinkedHashMap<>();

  ChannelRoom(ServerChannel channel) {
    this.channel = channel;
  }

  synchronized void join(ServerSession session, int who) {
    tell(Map.of("type", "came", "who", who));
    members.put(session, who);
    channel.subscribe(session);
    session.addListener((ServerSession.RemovedListener) (gone, _, _) -> leave(gone));
    List<Integer> here = new ArrayList<>(members.values());
    session.deliver(null, channel.getId(), Map.of("type", "here", "who", here), Promise.noop());
  }

  synchronized void leave(ServerSession session) {
    Integer who = members.remove(session);
    if (who != null) {
      channel.unsubscribe(session);
      tell(Map.of("type", "left", "who", who));
    }
  }

  /// Takes somebody out without a word.
  synchronized void forget(ServerSession session) {
    members.remove(session);
    channel.unsubscribe(session);
  }

  private void tell(Map<String, Object> what) {
    channel.publish(null, what, Promise.noop());
  }
}
