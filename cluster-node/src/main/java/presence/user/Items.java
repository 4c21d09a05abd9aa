package presence.user;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.pcollections.OrderedPMap;
import presence.cluster.Remote;

/// What lies in a mailbox, in the order in which it came. Immutable.
///
/// @param letters how many of the items are
/// @param bytes what those weigh
public record Items(OrderedPMap<Slot, Entry> all, int letters, int bytes) {
  static final Items NONE = new Items(OrderedPMap.empty(), 0, 0);

  /// What a letter takes beside its text.
  private static final int LETTER_OVERHEAD_BYTES = 128;

  /// A place among them. Who writes to themselves has a letter and its outcome in one mailbox.
  record Slot(boolean outcome, String id) {
    static Slot of(Item item) {
      return new Slot(item instanceof Item.Outcome, item.id());
    }
  }

  /// An item and who must still get it.
  ///
  /// @param sender of a letter; absent for an outcome
  /// @param targets the sessions it is pushed to; none = the next one that comes
  /// @param settled whether a session has acknowledged it
  record Entry(Item item, @Nullable Address sender, List<String> targets, boolean settled, long at)
      implements Remote {

    /// A letter as it comes.
    static Entry of(Posting posting, String id, List<String> targets, long at) {
      Item letter = new Item.Letter(id, posting.from(), posting.text(), at);
      return new Entry(letter, posting.sender(), List.copyOf(targets), false, at);
    }

    boolean isLetter() {
      return item instanceof Item.Letter;
    }

    boolean isFor(String session) {
      return targets.contains(session);
    }

    Entry to(List<String> others) {
      return new Entry(item, sender, others, settled, at);
    }

    Entry without(String session) {
      return to(targets.stream().filter(each -> !each.equals(session)).toList());
    }

    Entry acknowledged() {
      return new Entry(item, sender, targets, true, at);
    }

    int weight() {
      return item instanceof Item.Letter letter
          ? LETTER_OVERHEAD_BYTES + letter.text().getBytes(StandardCharsets.UTF_8).length
          : LETTER_OVERHEAD_BYTES;
    }
  }

  boolean isEmpty() {
    return all.isEmpty();
  }

  int outcomes() {
    return all.size() - letters;
  }

  @Nullable Entry get(Slot slot) {
    return all.get(slot);
  }

  boolean has(Item item) {
    return all.containsKey(Slot.of(item));
  }

  /// The entry in its place, or behind all others if it is new.
  Items with(Entry entry) {
    boolean counts = entry.isLetter() && !has(entry.item());
    return new Items(
        all.plus(Slot.of(entry.item()), entry),
        letters + (counts ? 1 : 0),
        bytes + (counts ? entry.weight() : 0));
  }

  Items without(Entry entry) {
    boolean counts = entry.isLetter();
    return new Items(
        all.minus(Slot.of(entry.item())),
        letters - (counts ? 1 : 0),
        bytes - (counts ? entry.weight() : 0));
  }

  /// Without the first so many of some kind.
  Items without(int count, Predicate<Entry> kind) {
    Items next = this;
    for (Entry entry : all.values().stream().filter(kind).limit(count).toList()) {
      next = next.without(entry);
    }
    return next;
  }

  /// With every entry changed, or taken out.
  Items each(Function<Entry, Optional<Entry>> change) {
    Items next = this;
    for (Entry entry : all.values()) {
      Optional<Entry> after = change.apply(entry);
      if (after.isEmpty()) {
        next = next.without(entry);
      } else if (!after.get().equals(entry)) {
        next = next.with(after.get());
      }
    }
    return next;
  }
}
