package presence.client;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import presence.protocol.ClientMessage;
import presence.protocol.ServerMessage.Direct;
import presence.protocol.ServerMessage.Outcome;

/// The direct messages and outcomes that arrive: each is handed over once by its id, however often
/// the server pushes it, and then acknowledged. An acknowledgement that is lost costs one more
/// push. Serial.
final class Arrivals {
  /// Four mailboxes full: what the server may still push again is remembered.
  static final int REMEMBERED_MAX = 4_096;

  /// Half of what one message may name.
  static final int ACKNOWLEDGED_MAX = 500;

  private final Edge edge;
  private final PresenceListener listener;
  // apart, because who writes to themselves gets both by one id
  private final SequencedSet<String> messages = new LinkedHashSet<>();
  private final SequencedSet<String> outcomes = new LinkedHashSet<>();
  private final List<String> arrived = new ArrayList<>();
  private boolean acknowledges = true;

  Arrivals(Edge edge, PresenceListener listener) {
    this.edge = edge;
    this.listener = listener;
  }

  void heard(Direct message) {
    if (isNew(messages, message.id())) {
      listener.direct(message);
    }
    acknowledge(message.id());
  }

  void heard(Outcome outcome) {
    if (isNew(outcomes, outcome.id())) {
      listener.outcome(outcome);
    }
    acknowledge(outcome.id());
  }

  private static boolean isNew(SequencedSet<String> known, String id) {
    boolean added = known.add(id);
    if (known.size() > REMEMBERED_MAX) {
      known.removeFirst();
    }
    return added;
  }

  /// What arrives together is acknowledged together.
  private void acknowledge(String id) {
    if (!acknowledges) {
      return;
    }
    if (arrived.isEmpty()) {
      edge.after(0, this::say);
    }
    arrived.add(id);
    if (arrived.size() == ACKNOWLEDGED_MAX) {
      say();
    }
  }

  private void say() {
    if (!arrived.isEmpty()) {
      edge.say(new ClientMessage.Acknowledge(arrived, null));
      arrived.clear();
    }
  }

  /// The socket is gone; what it brought comes again.
  void lost() {
    arrived.clear();
  }

  void acknowledges(boolean wanted) {
    acknowledges = wanted;
  }
}
