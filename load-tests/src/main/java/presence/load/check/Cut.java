package presence.load.check;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.pcollections.HashTreePMap;
import org.pcollections.HashTreePSet;
import org.pcollections.PMap;
import org.pcollections.PSet;

/// An instance at one seq, as one observer's stream tells it.
///
/// @param online every person online: id → the member as it was told
/// @param counts as they were told
record Cut(
    long epoch, long seq, PMap<String, JsonNode> online, PSet<String> here, JsonNode counts) {

  static Cut of(JsonNode presence) {
    return new Cut(
            presence.path("epoch").longValue(),
            presence.path("seq").longValue(),
            HashTreePMap.empty(),
            HashTreePSet.empty(),
            presence.path("counts"))
        .plus(presence.path("online"), presence.path("here"));
  }

  /// With a further page.
  Cut plus(JsonNode members, JsonNode moreHere) {
    PMap<String, JsonNode> people = online;
    for (JsonNode member : members) {
      people = people.plus(member.path("id").textValue(), member);
    }
    return new Cut(epoch, seq, people, here.plusAll(ids(moreHere)), counts);
  }

  /// After a `presence:delta`.
  Cut after(JsonNode delta) {
    Set<String> left = ids(delta.path("left"));
    Cut stayed =
        new Cut(
            epoch,
            delta.path("seq").longValue(),
            online.minusAll(left),
            here.minusAll(left).minusAll(ids(delta.path("away"))),
            delta.path("counts"));
    return stayed
        .plus(delta.path("joined"), delta.path("here"))
        .plus(delta.path("renamed"), delta.path("here"));
  }

  /// Further in the stream, with the same sets.
  Cut at(long later, @Nullable JsonNode newCounts) {
    return new Cut(epoch, later, online, here, newCounts == null ? counts : newCounts);
  }

  static Set<String> ids(JsonNode list) {
    Set<String> ids = new HashSet<>();
    list.forEach(id -> ids.add(id.textValue()));
    return ids;
  }

  int count(String name) {
    return counts.path(name).asInt(-1);
  }

  /// The sets and counts alone.
  boolean shows(Cut other) {
    return counts.equals(other.counts) && here.equals(other.here) && online.equals(other.online);
  }

  @Override
  public String toString() {
    return "%d:%d online %s here %s counts %s".formatted(epoch, seq, online.keySet(), here, counts);
  }
}
