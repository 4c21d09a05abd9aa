package presence.load;

import java.net.InetAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import presence.load.Frames.Frame;

/// Somebody at one address who wants a node for themselves: holds as many sockets as they get and
/// says nothing on them, and says on others what is no hello, over and over. On the thread of their
/// swarm.
final class Attacker {
  /// Each is refused for another reason.
  private static final List<String> GARBAGE =
      List.of(
          "{\"type\":\"hello\",\"protocol\":1,\"token\":\"a.guess.of-it\"}",
          "{\"type\":\"hello\",\"protocol\":1,\"resume\":{\"token\":\"a.guess\"}}",
          "{\"type\":\"hello\",\"protocol\":99}",
          "{\"type\":\"hello\"",
          "[" + "[".repeat(40) + "]".repeat(40) + "]",
          "{\"type\":\"chat:join\",\"instance\":\"x\"}",
          "\u0000");

  private final Swarm swarm;
  private final InetAddress from;
  private final Set<Silent> silent = new HashSet<>();
  private int held;
  private int heldMost;
  private long refused;
  private long said;
  private long unsaid;

  Attacker(Swarm swarm, InetAddress from) {
    this.swarm = swarm;
    this.from = from;
  }

  /// Tries once more for the sockets that are lacking, so many at most.
  void hold(int sockets, int atOnce) {
    for (int tries = Math.min(atOnce, sockets - silent.size()); tries > 0; tries--) {
      Silent next = new Silent();
      silent.add(next);
      swarm.open(from, next);
    }
  }

  void babble(int hellos) {
    for (int number = 0; number < hellos; number++) {
      swarm.open(from, new Babbler(GARBAGE.get((int) ((said + unsaid + number) % GARBAGE.size()))));
    }
  }

  /// The sockets it has that say nothing.
  int held() {
    return held;
  }

  /// The most sockets it had at the same time that say nothing.
  int heldMost() {
    return heldMost;
  }

  /// Attempts to have one more that the node ended.
  long refused() {
    return refused;
  }

  /// What is no hello and was said.
  long said() {
    return said;
  }

  /// The same, where the node gave no socket for it.
  long unsaid() {
    return unsaid;
  }

  private final class Silent implements Swarm.Client {
    private boolean open;

    @Override
    public void opened(Swarm.Socket socket) {
      open = true;
      heldMost = Math.max(heldMost, ++held);
    }

    @Override
    public void received(Frame frame) {}

    @Override
    public void closed(int code) {
      silent.remove(this);
      if (open) {
        held--;
      } else {
        refused++;
      }
    }
  }

  private final class Babbler implements Swarm.Client {
    private final String garbage;
    private Swarm.@Nullable Socket socket;

    Babbler(String garbage) {
      this.garbage = garbage;
    }

    @Override
    public void opened(Swarm.Socket opened) {
      socket = opened;
      said++;
      opened.send(garbage);
    }

    /// The refusal: whatever the node wants to say further, nobody waits for it.
    @Override
    public void received(Frame frame) {
      if (socket != null) {
        socket.cut();
      }
    }

    @Override
    public void closed(int code) {
      if (socket == null) {
        unsaid++;
      }
    }
  }
}
