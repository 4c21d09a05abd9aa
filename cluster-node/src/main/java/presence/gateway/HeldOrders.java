package presence.gateway;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import presence.session.Action;

/// The orders of one client that are not answered yet, in the order they came.
///
/// Orders about one thing (an instance, the location, …) go out one after the other; orders about
/// different things do not wait for each other; one that concerns everything waits for all before
/// it and holds all behind it. An order is repeated until it is answered or has waited too long.
public final class HeldOrders {
  /// The bounds of what is held; config keys under `presence.gateway.held`.
  ///
  /// @param patience how long an order is repeated before it is given up
  public record Limits(
      int countMax, int bytesMax, Duration patience, Duration repeatFirst, Duration repeatLast) {}

  /// One order; its `ref` is to be echoed by the answer.
  static final class Held {
    private final long number;
    private final Action action;
    private final @Nullable String ref;
    private final int bytes;
    private final long since;
    private int sent;
    private long nextAt;

    private Held(long number, Action action, @Nullable String ref, int bytes, long since) {
      this.number = number;
      this.action = action;
      this.ref = ref;
      this.bytes = bytes;
      this.since = since;
    }

    long number() {
      return number;
    }

    Action action() {
      return action;
    }

    @Nullable String ref() {
      return ref;
    }

    boolean repeated() {
      return sent > 1;
    }
  }

  private final Limits limits;
  private final Map<Long, Held> orders = new LinkedHashMap<>(4);
  private long last;
  private int bytes;

  HeldOrders(Limits limits) {
    this.limits = limits;
  }

  /// Takes an order; false when no more can be held.
  boolean offer(Action action, @Nullable String ref, int size, long now) {
    if (orders.size() >= limits.countMax() || bytes + size > limits.bytesMax()) {
      return false;
    }
    add(action, ref, size, now);
    return true;
  }

  /// Takes an order for which there is always room; returns its number.
  long add(Action action, @Nullable String ref, int size, long now) {
    last++;
    orders.put(last, new Held(last, action, ref, size, now));
    bytes += size;
    return last;
  }

  /// The number of the order that was taken last.
  long last() {
    return last;
  }

  /// The orders to be sent now: those whose turn has come, first or once more.
  List<Held> due(long now) {
    List<Held> due = new ArrayList<>(2);
    Set<String> busy = new HashSet<>();
    for (Held order : orders.values()) {
      String lane = lane(order.action);
      if (lane == null && !busy.isEmpty()) {
        break;
      }
      if ((lane == null || busy.add(lane)) && now >= order.nextAt) {
        order.nextAt = now + pause(order.sent).toMillis();
        order.sent++;
        due.add(order);
      }
      if (lane == null) {
        break;
      }
    }
    return due;
  }

  private Duration pause(int sent) {
    Duration pause = limits.repeatFirst().multipliedBy(1L << Math.min(sent, 10));
    return pause.compareTo(limits.repeatLast()) > 0 ? limits.repeatLast() : pause;
  }

  /// What an order is about; nothing = everything.
  private static @Nullable String lane(Action action) {
    return switch (action) {
      case Action.Move move -> "location";
      case Action.Join join -> "instance " + join.instance();
      case Action.Leave leave -> "instance " + leave.instance();
      case Action.Say say -> "instance " + say.instance();
      case Action.Enter enter -> "world " + enter.piece();
      case Action.Exit exit -> "world " + exit.piece();
      case Action.Emit emit -> "world " + emit.piece();
      case Action.Send send -> "mail " + send.to();
      case Action.Acknowledge acknowledge -> "mail";
      case Action.Watch watch -> "watch";
      case Action.Unwatch unwatch -> "watch";
      case Action.Identify identify -> null;
      case Action.Bye bye -> null;
    };
  }

  /// An order was answered; empty when it is not held (any more).
  Optional<Held> answered(long number) {
    Held order = orders.remove(number);
    if (order == null) {
      return Optional.empty();
    }
    bytes -= order.bytes;
    return Optional.of(order);
  }

  /// The message that was answered by its instance itself.
  Optional<Held> answered(String instance, String clientMessageId) {
    for (Held order : orders.values()) {
      if (order.action instanceof Action.Say say
          && say.instance().equals(instance)
          && say.clientMessageId().equals(clientMessageId)) {
        return answered(order.number);
      }
    }
    return Optional.empty();
  }

  /// The orders that have waited too long; they are held no more.
  List<Held> overdue(long now) {
    List<Held> overdue = new ArrayList<>(0);
    for (Iterator<Held> all = orders.values().iterator(); all.hasNext(); ) {
      Held order = all.next();
      if (now - order.since >= limits.patience().toMillis()) {
        all.remove();
        bytes -= order.bytes;
        overdue.add(order);
      }
    }
    return overdue;
  }

  /// Sends everything once more as soon as possible: the session lives elsewhere now.
  void hurry() {
    orders.values().forEach(order -> order.nextAt = 0);
  }

  /// Whether a move waits: then the place the client wishes to be is not yet told by all before it.
  boolean holdsMove() {
    return orders.values().stream().anyMatch(order -> order.action instanceof Action.Move);
  }

  /// Whether a joining of this instance waits, or a leaving.
  boolean holdsAnyOf(String instance) {
    return orders.values().stream()
        .anyMatch(order ->
            (order.action instanceof Action.Join join && join.instance().equals(instance))
                || (order.action instanceof Action.Leave leave
                    && leave.instance().equals(instance)));
  }

  /// Whether an entering of this world waits, or a leaving.
  boolean holdsEntryOf(String piece) {
    return orders.values().stream()
        .anyMatch(order ->
            (order.action instanceof Action.Enter enter && enter.piece().equals(piece))
                || (order.action instanceof Action.Exit exit && exit.piece().equals(piece)));
  }

  boolean isEmpty() {
    return orders.isEmpty();
  }
}
