package presence.instance;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import presence.protocol.Member;
import presence.protocol.ServerMessage.Delta;

/// Joins neighbouring deltas into one with the same effect, so that who missed a hundred changes
/// reads one. Who left and came back within it is named as `renamed`, and as `here` or `away`: both
/// hold whether or not they were so before.
public final class Merge {
  private final Map<String, Member> joined = new LinkedHashMap<>();
  private final Map<String, Member> renamed = new LinkedHashMap<>();
  private final Set<String> left = new LinkedHashSet<>();
  private final Set<String> here = new LinkedHashSet<>();
  private final Set<String> away = new LinkedHashSet<>();
  private @Nullable Delta first;
  private @Nullable Delta last;

  private Merge() {}

  /// The net effect of deltas that follow each other.
  public static Delta of(List<Delta> deltas) {
    if (deltas.size() == 1) {
      return deltas.getFirst();
    }
    Merge merge = new Merge();
    deltas.forEach(merge::add);
    return merge.result();
  }

  private void add(Delta delta) {
    if (first == null) {
      first = delta;
    }
    last = delta;
    delta.left().forEach(this::leave);
    delta.joined().forEach(this::join);
    delta.renamed().forEach(this::rename);
    delta.here().forEach(this::come);
    delta.away().forEach(this::go);
  }

  private void join(Member member) {
    if (left.remove(member.id())) {
      renamed.put(member.id(), member);
      away.add(member.id());
    } else {
      joined.put(member.id(), member);
    }
  }

  private void leave(String id) {
    here.remove(id);
    away.remove(id);
    renamed.remove(id);
    if (joined.remove(id) == null) {
      left.add(id);
    }
  }

  private void rename(Member member) {
    (joined.containsKey(member.id()) ? joined : renamed).put(member.id(), member);
  }

  private void come(String id) {
    away.remove(id);
    here.add(id);
  }

  /// Who joined within the merge was not here before it: their being away again needs no word.
  private void go(String id) {
    here.remove(id);
    if (!joined.containsKey(id)) {
      away.add(id);
    }
  }

  private Delta result() {
    if (first == null || last == null) {
      throw new IllegalArgumentException("nothing to merge");
    }
    return new Delta(
        last.instance(),
        last.epoch(),
        first.from(),
        last.seq(),
        List.copyOf(joined.values()),
        List.copyOf(left),
        List.copyOf(here),
        List.copyOf(away),
        new ArrayList<>(renamed.values()),
        last.counts(),
        null);
  }
}
