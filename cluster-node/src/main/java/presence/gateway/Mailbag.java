package presence.gateway;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import presence.protocol.ServerMessage;
import presence.user.Delivery;
import presence.user.Item;

/// Direct messages and outcomes on their way to one client, who may be slow: they are handed to its
/// socket as that takes them, in order, and none is left out.
///
/// Bounded by the mailbox, which lets only so much be under way: what is pushed again while it is
/// still here is here once.
final class Mailbag {
  /// By kind and id: who writes to themselves gets a message and its outcome by one id.
  private record Key(boolean isOutcome, String id) {}

  private final Line line;
  private final Map<Key, ServerMessage> waiting = new LinkedHashMap<>(0);

  Mailbag(Line line) {
    this.line = line;
  }

  /// Takes what is to be handed over.
  void add(Iterable<Delivery> deliveries) {
    for (Delivery each : deliveries) {
      Item item = each.item();
      waiting.putIfAbsent(
          new Key(item instanceof Item.Outcome, item.id()), shown(item, each.redelivered()));
    }
  }

  /// Hands over what there is room for, while the client reads: what is handed over while it does
  /// not would be no sign that it did.
  ///
  /// @return whether anything was
  boolean handOver() {
    if (waiting.isEmpty() || !line.isReady()) {
      return false;
    }
    int before = waiting.size();
    Iterator<ServerMessage> next = waiting.values().iterator();
    while (next.hasNext() && line.offer(next.next())) {
      next.remove();
    }
    return waiting.size() < before;
  }

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  private static ServerMessage shown(Item item, boolean redelivered) {
    return switch (item) {
      case Item.Letter letter ->
          new ServerMessage.Direct(
              letter.id(), letter.from(), letter.text(), letter.at(), redelivered);
      case Item.Outcome outcome ->
          new ServerMessage.Outcome(
              outcome.id(),
              switch (outcome.result()) {
                case DELIVERED -> ServerMessage.Fate.DELIVERED;
                case EXPIRED -> ServerMessage.Fate.EXPIRED;
              });
    };
  }
}
