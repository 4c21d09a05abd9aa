package presence.instance;

import java.util.Map;
import java.util.Set;
import presence.protocol.Counts;
import presence.protocol.Member;

/// A number that says in short who is online and who is here, so that two copies of an instance can
/// be compared without sending either: equal sets have equal numbers, and others differ but for one
/// chance in 2^64. Immutable.
///
/// Every person adds a hash of what is known of them, so the order does not matter, and a change
/// costs as much as the persons it is about.
public record Fingerprint(long value) {

  /// Of nobody. Not 0, which on the wire between nodes says that an older node sent nothing.
  public static final Fingerprint EMPTY = new Fingerprint(0x9e3779b97f4a7c15L);

  private static final long ABSENT = 0x2545f4914f6cdd1dL;
  private static final long HERE = 0xd6e8feb86659fd93L;

  /// The sets of an instance at one moment.
  public record Sets(Map<String, Member> online, Set<String> here) {}

  /// Computed from the sets as a whole.
  public static Fingerprint of(Sets sets) {
    long sum = EMPTY.value;
    for (Member member : sets.online().values()) {
      sum += hash(member);
    }
    for (String id : sets.here()) {
      sum += hash(HERE, id);
    }
    return new Fingerprint(sum);
  }

  /// The fingerprint after a change that was about nobody but these.
  public Fingerprint moved(Set<String> persons, Sets before, Sets now) {
    long sum = value;
    for (String id : persons) {
      sum += part(id, now) - part(id, before);
    }
    return new Fingerprint(sum);
  }

  /// With the counts, of which two are of anonymous sessions and of tabs, whom no set lists.
  public long with(Counts counts) {
    return mixed(value + mixed(((long) counts.sessions() << 32) + counts.anonymous()));
  }

  private static long part(String id, Sets sets) {
    Member member = sets.online().get(id);
    return (member == null ? 0 : hash(member)) + (sets.here().contains(id) ? hash(HERE, id) : 0);
  }

  private static long hash(Member member) {
    long hash = hash(EMPTY.value, member.id());
    hash = member.handle() == null ? mixed(hash + ABSENT) : hash(hash, member.handle());
    return member.name() == null ? mixed(hash + ABSENT) : hash(hash, member.name());
  }

  /// FNV-1a, which any node computes alike; the mixing spreads it over all bits, since hashes are
  /// added up.
  private static long hash(long seed, String text) {
    long hash = seed ^ 0xcbf29ce484222325L;
    for (int i = 0; i < text.length(); i++) {
      hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
    }
    return mixed(hash);
  }

  private static long mixed(long bits) {
    long mixed = (bits ^ (bits >>> 33)) * 0xff51afd7ed558ccdL;
    mixed = (mixed ^ (mixed >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return mixed ^ (mixed >>> 33);
  }
}
