package presence.load.peers;

import java.nio.ByteBuffer;

/// How one member speaks with a server of some kind: what it writes, and what the server's frames
/// mean. On the thread of the swarm.
public interface Tongue {
  /// Makes the member known, until [Heard.Greeted].
  void greet(Line line);

  void join(Line line);

  void leave(Line line);

  void say(Line line, String text);

  /// Ends it, so that nobody is told who leaves.
  void part(Line line);

  void read(ByteBuffer payload, Line line);
}
