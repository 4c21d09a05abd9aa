package presence.user;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;

/// What of a mailbox has been pushed to which session, and what is pushed next. Immutable.
///
/// A push may be lost on its way, and a letter must not arrive before an older one of its sender.
/// So while one of a sender's letters is in flight to a session, neither acknowledged nor given up,
/// the sender's next ones wait, and then go together.
///
/// @param copies what was pushed at least once, or is to be pushed at a set time
record Pushes(PMap<Copy, Try> copies) {
  static final Pushes NONE = new Pushes(HashTreePMap.empty());

  /// One session's copy of an item.
  record Copy(String session, Items.Slot slot) {}

  /// How far a copy is.
  ///
  /// @param times pushed since the session attached
  /// @param handed pushed, ever, and as far as is known handed over
  record Try(int times, long nextAt, int handed) {
    private static final Try NEVER = new Try(0, 0, 0);

    boolean waits(long now) {
      return now < nextAt;
    }

    Try pushed(long now, MailLimits limits) {
      boolean last = times + 1 >= limits.pushesMax();
      long pause = limits.pushes().after(last ? 1 : times + 1);
      return new Try(times + 1, now + pause, handed + 1);
    }
  }

  /// What is to be pushed now, by session, and the pushes after that.
  record Plan(Map<String, List<Delivery>> deliveries, Pushes after) {}

  /// Decides what is pushed now.
  Plan plan(Mailbox box, long now, MailLimits limits) {
    PMap<Copy, Try> next = present(box);
    Map<String, Lane> lanes = new LinkedHashMap<>();
    for (Items.Entry entry : box.items().all().values()) {
      for (String session : entry.targets()) {
        Copy copy = new Copy(session, Items.Slot.of(entry.item()));
        Try soFar = next.getOrDefault(copy, Try.NEVER);
        if (lanes.computeIfAbsent(session, any -> new Lane(limits)).takes(entry, soFar, now)) {
          next = next.plus(copy, soFar.pushed(now, limits));
        }
      }
    }
    Map<String, List<Delivery>> deliveries = new LinkedHashMap<>();
    lanes.forEach((session, lane) -> {
      if (!lane.deliveries.isEmpty()) {
        deliveries.put(session, lane.deliveries);
      }
    });
    return new Plan(deliveries, new Pushes(next));
  }

  /// The way to one session.
  private static final class Lane {
    private final MailLimits limits;
    private final Set<Address> inFlight = new HashSet<>();
    private final List<Delivery> deliveries = new ArrayList<>();
    private int bytes;

    Lane(MailLimits limits) {
      this.limits = limits;
    }

    /// Whether the item is pushed now; the older ones have been asked about before.
    boolean takes(Items.Entry entry, Try soFar, long now) {
      @Nullable Address sender = entry.sender();
      if (soFar.waits(now)) {
        bytes += entry.weight();
        if (sender != null) {
          inFlight.add(sender);
        }
        return false;
      }
      if (soFar.times() >= limits.pushesMax() || inFlight.contains(sender)) {
        return false;
      }
      if (bytes > 0 && bytes + entry.weight() > limits.inFlightBytesMax()) {
        bytes = limits.inFlightBytesMax(); // what is newer does not overtake it
        return false;
      }
      bytes += entry.weight();
      deliveries.add(new Delivery(entry.item(), soFar.handed() > 0));
      return true;
    }
  }

  private PMap<Copy, Try> present(Mailbox box) {
    List<Copy> gone = new ArrayList<>();
    for (Copy copy : copies.keySet()) {
      Items.Entry entry = box.items().get(copy.slot());
      if (entry == null || !entry.isFor(copy.session())) {
        gone.add(copy);
      }
    }
    return copies.minusAll(gone);
  }

  /// The session attached: everything it has not acknowledged is pushed as if for the first time.
  Pushes again(String session) {
    PMap<Copy, Try> next = copies;
    for (Map.Entry<Copy, Try> each : copies.entrySet()) {
      if (each.getKey().session().equals(session)) {
        next = next.plus(each.getKey(), new Try(0, 0, each.getValue().handed()));
      }
    }
    return new Pushes(next);
  }

  /// The session is about to attach, and then it asks for its mail; what it is given already waits
  /// for that until `at`.
  Pushes expect(String session, Mailbox box, long at) {
    PMap<Copy, Try> next = copies;
    for (Map.Entry<Items.Slot, Items.Entry> each : box.items().all().entrySet()) {
      Copy copy = new Copy(session, each.getKey());
      if (each.getValue().isFor(session) && !copies.containsKey(copy)) {
        next = next.plus(copy, new Try(0, at, 0));
      }
    }
    return new Pushes(next);
  }

  /// The session had nobody to hand these to.
  Pushes returned(String session, List<Delivery> deliveries) {
    PMap<Copy, Try> next = copies;
    for (Delivery delivery : deliveries) {
      Copy copy = new Copy(session, Items.Slot.of(delivery.item()));
      Try before = next.get(copy);
      if (before != null) {
        next =
            next.plus(
                copy, new Try(before.times(), before.nextAt(), Math.max(0, before.handed() - 1)));
      }
    }
    return new Pushes(next);
  }

  /// After a restart nobody knows what was pushed: everything may have been.
  static Pushes unknown(Mailbox box) {
    PMap<Copy, Try> copies = HashTreePMap.empty();
    for (Map.Entry<Items.Slot, Items.Entry> each : box.items().all().entrySet()) {
      for (String session : each.getValue().targets()) {
        copies = copies.plus(new Copy(session, each.getKey()), new Try(0, 0, 1));
      }
    }
    return new Pushes(copies);
  }

  /// When something waits no longer.
  long nextAt(long now) {
    return copies.values().stream()
        .mapToLong(Try::nextAt)
        .filter(at -> at > now)
        .min()
        .orElse(Turns.NEVER);
  }
}
