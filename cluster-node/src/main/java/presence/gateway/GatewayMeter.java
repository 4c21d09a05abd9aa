package presence.gateway;

import presence.protocol.CloseCode;
import presence.protocol.ErrorCode;

/// Hears what happens at the sockets of a node, for those who measure it. Called by connections and
/// relays, so an answer takes no longer than counting does.
public interface GatewayMeter {
  /// Hears nothing.
  GatewayMeter NONE = new GatewayMeter() {};

  /// So many sockets are open now.
  default void open(int sockets) {}

  /// This side closes a socket.
  default void closes(CloseCode code) {}

  /// A message of a client could not be read.
  default void unreadable(ErrorCode code) {}

  /// A client reads so slowly that the stream of an instance was dropped, to begin anew.
  default void conflated() {}

  /// A client came back after its session had ended.
  default void tooLate() {}

  /// A caller was refused, who has or does too much.
  default void refuses(Callers.Limit limit) {}

  /// So many callers are remembered now.
  default void callers(int remembered) {}

  /// The replica of an instance was not what the instance says it is.
  default void diverged() {}

  /// So many clients of this node have the state of a world now.
  default void follow(String piece, int members) {}

  /// A client's avatar moved.
  default void walked() {}

  /// A client is told of so many moves, by its socket.
  default void toldBySocket(int moves, int bytes) {}

  /// The same, by datagrams.
  default void toldByDatagrams(int moves) {}
}
