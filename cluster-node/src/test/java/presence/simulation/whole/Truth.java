package presence.simulation.whole;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import presence.protocol.Counts;
import presence.protocol.ServerMessage;
import presence.protocol.View;

/// What all clients have seen of all streams, held against each other: at one seq there is one
/// truth, whoever looks, whenever, by snapshot or by changes.
final class Truth {
  private record Moment(Set<String> online, Set<String> here, Counts counts) {}

  private final Map<String, Map<Long, Moment>> moments = new HashMap<>();
  private final Map<String, Long> epochs = new HashMap<>();
  private final Map<String, Map<Long, String>> messages = new HashMap<>();

  /// Somebody's view, after a snapshot or a change.
  void saw(View view) {
    Counts counts = view.counts();
    assertThat(view.online().keySet()).as("here is a subset of online").containsAll(view.here());
    assertThat(counts.people()).as("people counts online").isEqualTo(view.online().size());
    assertThat(counts.here()).as("here counts here").isEqualTo(view.here().size());
    long epoch = epochs.computeIfAbsent(view.instance(), _ -> view.at().epoch());
    assertThat(view.at().epoch()).as("the epoch of %s", view.instance()).isEqualTo(epoch);
    Moment moment =
        new Moment(
            new TreeSet<>(view.online().keySet()), new TreeSet<>(view.here()), view.counts());
    Moment known =
        moments
            .computeIfAbsent(view.instance(), _ -> new TreeMap<>())
            .putIfAbsent(view.at().seq(), moment);
    if (known != null) {
      assertThat(moment)
          .as("%s at %d, as two clients see it", view.instance(), view.at().seq())
          .isEqualTo(known);
    }
  }

  /// Somebody's change, before it is applied: who joins was away, who leaves was there.
  void saw(View before, ServerMessage.Delta delta) {
    if (delta.seq() == delta.from() + 1) {
      delta.joined().forEach(each -> assertThat(before.online()).doesNotContainKey(each.id()));
      assertThat(before.online().keySet()).containsAll(delta.left());
    }
  }

  void saw(ServerMessage.Said said) {
    String known =
        messages
            .computeIfAbsent(said.instance(), _ -> new TreeMap<>())
            .putIfAbsent(said.seq(), said.text());
    if (known != null) {
      assertThat(said.text()).as("the message at %d", said.seq()).isEqualTo(known);
    }
  }

  /// Every text that was seen said in the instance, by seq.
  Map<Long, String> messages(String instance) {
    return messages.getOrDefault(instance, Map.of());
  }
}
