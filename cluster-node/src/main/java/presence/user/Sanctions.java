package presence.user;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import presence.cluster.Remote;

/// What operators decided about a person: whether they may be here, and where they may speak.
/// Immutable; the person's entity is its single writer.
///
/// @param n the number of the last decision
/// @param ban nothing = there is none
/// @param mutes by instance; [#EVERYWHERE] is the one that holds in all of them, and in mail
public record Sanctions(long n, @Nullable Sentence ban, Map<String, Sentence> mutes)
    implements Remote {

  /// In place of an instance: no instance has this name.
  public static final String EVERYWHERE = "";

  public static final Sanctions NONE = new Sanctions(0, null, Map.of());

  public Sanctions {
    mutes = Collections.unmodifiableMap(new TreeMap<>(mutes)); // everywhere in the same order
  }

  public boolean isBanned(long now) {
    return ban != null && ban.isInForce(now);
  }

  /// Whether nothing is in force, nor will be.
  public boolean isEmpty() {
    return ban == null && mutes.isEmpty();
  }

  /// Without what is over.
  public Sanctions at(long now) {
    boolean same =
        (ban == null || ban.isInForce(now))
            && mutes.values().stream().allMatch(each -> each.isInForce(now));
    return same ? this : new Sanctions(n, isBanned(now) ? ban : null, inForce(now));
  }

  private Map<String, Sentence> inForce(long now) {
    Map<String, Sentence> left = new TreeMap<>(mutes);
    left.values().removeIf(each -> !each.isInForce(now));
    return left;
  }

  /// After a ban, or the end of one (nothing).
  Sanctions banned(@Nullable Sentence sentence) {
    return new Sanctions(n + 1, sentence, mutes);
  }

  /// After a mute in this place, or the end of one (nothing).
  Sanctions muted(String where, @Nullable Sentence sentence) {
    Map<String, Sentence> next = new TreeMap<>(mutes);
    if (sentence == null) {
      next.remove(where);
    } else {
      next.put(where, sentence);
    }
    return new Sanctions(n + 1, ban, next);
  }

  /// Whether this place has a mute that says the same.
  boolean hasMute(String where, Sentence sentence) {
    Sentence known = mutes.get(where);
    return known != null && known.saysWhat(sentence);
  }

  boolean hasBan(Sentence sentence) {
    return ban != null && ban.saysWhat(sentence);
  }

  /// About how many bytes it takes to tell of them.
  int weight() {
    int weight = ban == null ? 0 : ban.weight();
    for (Map.Entry<String, Sentence> each : mutes.entrySet()) {
      weight += each.getKey().length() * Sentence.BYTES_PER_CHARACTER + each.getValue().weight();
    }
    return weight;
  }

  /// What the person's sessions must know of it; nothing = there never was a decision.
  @Nullable Silence silence() {
    if (n == 0) {
      return null;
    }
    Map<String, Long> until = new TreeMap<>();
    mutes.forEach((where, sentence) -> until.put(where, sentence.until()));
    return new Silence(n, until);
  }
}
