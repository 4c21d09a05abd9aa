package presence.load;

import org.jspecify.annotations.Nullable;
import presence.protocol.ClientMessage;

/// What a client of a [Swarm] says, while it has a socket; otherwise nobody hears it. On the thread
/// of its swarm.
final class Voice {
  private final Wording wording;
  private Swarm.@Nullable Socket socket;

  Voice(Wording wording) {
    this.wording = wording;
  }

  void has(Swarm.Socket opened) {
    socket = opened;
  }

  void loses() {
    socket = null;
  }

  boolean isHeard() {
    return socket != null;
  }

  /// Drops the socket as a network does that breaks: nobody is told in order.
  void breaksOff() {
    if (socket != null) {
      socket.reset();
    }
  }

  void say(ClientMessage message) {
    if (socket != null) {
      socket.send(wording.write(message));
    }
  }
}
