package presence.workspace;

import java.util.Map;
import org.pcollections.OrderedPMap;
import org.pcollections.PMap;
import presence.cluster.Remote;

/// Up to which number each client's claims have ended, the oldest end first. Immutable. An end is
/// remembered for as long as something of the claim may still be on its way.
record Fences(PMap<String, Fence> all) {
  static final Fences NONE = new Fences(OrderedPMap.empty());

  /// The last number that is over.
  ///
  /// @param at since when, in milliseconds since 1970
  record Fence(long n, long at) implements Remote {}

  /// Whether a claim of this number may not begin or go on.
  boolean bars(String client, long n) {
    Fence fence = all.get(client);
    return fence != null && n <= fence.n();
  }

  Fences raise(String client, long n, long at) {
    return bars(client, n) ? this : new Fences(all.minus(client).plus(client, new Fence(n, at)));
  }

  /// The fences without those older than this.
  Fences forget(long before) {
    PMap<String, Fence> young = all;
    for (Map.Entry<String, Fence> each : all.entrySet()) {
      if (each.getValue().at() >= before) {
        break;
      }
      young = young.minus(each.getKey());
    }
    return new Fences(young);
  }
}
