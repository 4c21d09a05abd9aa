package presence.user;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.pcollections.OrderedPMap;
import presence.cluster.Remote;

/// The letters a mailbox accepted lately, whatever became of them: by it a repeat is known as one.
/// Immutable.
///
/// @param letters by their key, the oldest first
public record Memory(OrderedPMap<String, Remembered> letters) {
  static final Memory EMPTY = new Memory(OrderedPMap.empty());

  /// A letter that was accepted.
  ///
  /// @param body what a repeat must have in common with it
  public record Remembered(String key, String body, String id, long at) implements Remote {}

  /// The letter this one repeats, or contradicts.
  @Nullable Remembered of(Posting posting, long now, MailLimits limits) {
    Remembered letter = letters.get(posting.key());
    return letter == null || isOutdated(letter, now, limits) ? null : letter;
  }

  /// How many letters to forget, the oldest, before another is remembered.
  int outdated(long now, MailLimits limits) {
    int tooMany = Math.max(0, letters.size() + 1 - limits.rememberedMax());
    int count = 0;
    for (Remembered letter : letters.values()) {
      if (count >= tooMany && !isOutdated(letter, now, limits)) {
        break;
      }
      count++;
    }
    return count;
  }

  private static boolean isOutdated(Remembered letter, long now, MailLimits limits) {
    return now - letter.at() >= limits.remembered().toMillis();
  }

  Memory with(Remembered letter) {
    return new Memory(letters.plus(letter.key(), letter));
  }

  Memory with(MailEvent.Accepted event) {
    Posting posting = event.posting();
    List<String> oldest = letters.keySet().stream().limit(event.forgotten()).toList();
    // An outdated letter of the same key has its place among the older ones.
    return new Memory(letters.minusAll(oldest).minus(posting.key()))
        .with(new Remembered(posting.key(), posting.body(), event.id(), event.at()));
  }
}
