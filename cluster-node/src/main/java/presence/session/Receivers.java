package presence.session;

import java.util.HashMap;
import java.util.Map;
import presence.protocol.Position;

/// Whom a session has given its word: at which step each was told last, which step it acknowledged,
/// and how far its own stream was then.
final class Receivers {
  private static final class Receiver {
    private long told;
    private long acknowledged;
    private Position at = Position.NOWHERE;
  }

  private static final Receiver STRANGER = new Receiver(); // only read

  private final Map<String, Receiver> receivers = new HashMap<>(2);

  void told(String name, long step) {
    receiver(name).told = step;
  }

  void acknowledged(String name, long step) {
    Receiver receiver = receiver(name);
    receiver.acknowledged = Math.max(receiver.acknowledged, step);
  }

  void acknowledged(String name, long step, Position at) {
    acknowledged(name, step);
    receiver(name).at = at;
  }

  private Receiver receiver(String name) {
    return receivers.computeIfAbsent(name, _ -> new Receiver());
  }

  /// The step of the last word it was sent; 0 = none.
  long told(String name) {
    return receivers.getOrDefault(name, STRANGER).told;
  }

  /// The step of the newest word it has for certain; 0 = none.
  long acknowledged(String name) {
    return receivers.getOrDefault(name, STRANGER).acknowledged;
  }

  /// How far its stream was when it last acknowledged something; 0:0 when that is unknown.
  Position position(String name) {
    return receivers.getOrDefault(name, STRANGER).at;
  }

  /// The session has nothing to do with it any more.
  void forget(String name) {
    receivers.remove(name);
  }
}
