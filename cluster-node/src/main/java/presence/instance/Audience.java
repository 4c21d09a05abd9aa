package presence.instance;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;
import presence.instance.ChatInstance.CatchUp;
import presence.instance.ChatInstance.Cut;
import presence.instance.ChatInstance.Earlier;
import presence.instance.ChatInstance.Feed;
import presence.instance.ChatInstance.Published;
import presence.protocol.Position;

/// The relays that follow an instance, and what they are told: every change once it is durable, and
/// what one of them missed. Part of [ChatInstance].
final class Audience {
  private final int historySize;
  private final InstanceMeter meter;
  private final Map<ActorRef<Feed>, Integer> relays = new LinkedHashMap<>();
  private long publishedSeq;

  Audience(InstanceSurroundings around) {
    this.historySize = around.limits().historySize();
    this.meter = around.meter();
  }

  /// A relay follows, with so many sockets. Says whether it did not before.
  boolean add(ActorRef<Feed> relay, int connections) {
    return relays.put(relay, connections) == null;
  }

  void remove(ActorRef<Feed> relay) {
    relays.remove(relay);
  }

  boolean isEmpty() {
    return relays.isEmpty();
  }

  /// The sockets that follow.
  int connections() {
    return relays.values().stream().mapToInt(Integer::intValue).sum();
  }

  /// Tells the relays what they have not been told. After a failed write, which may have been
  /// written nevertheless, that is what the replay brought.
  void publish(InstanceState now) {
    long from = publishedSeq;
    publishedSeq = now.at().seq();
    if (publishedSeq == from || relays.isEmpty()) {
      return;
    }
    List<Change> changes =
        now.changes()
            .since(from, now.at().seq())
            .orElseThrow(() -> new IllegalStateException("a flush larger than the ring"));
    Published published =
        new Published(now.at().epoch(), from, List.copyOf(changes), printed(now, now.print()));
    tell(published);
  }

  void tell(Feed news) {
    relays.keySet().forEach(relay -> relay.tell(news));
  }

  /// Gives a relay what followed its position, or a cut if that is not known. Where nothing is
  /// missing the fingerprint is computed from the whole, as the relay does then: so what no change
  /// touched is compared, too.
  void bringOn(ActorRef<Feed> relay, Position from, InstanceState state) {
    Optional<List<Change>> missing = since(state, from);
    if (missing.isPresent()) {
      List<Change> changes = missing.get();
      meter.lags(changes.size());
      Fingerprint print = changes.isEmpty() ? Fingerprint.of(state.roster().sets()) : state.print();
      relay.tell(
          new Published(from.epoch(), from.seq(), List.copyOf(changes), printed(state, print)));
    } else if (state.exists()) {
      relay.tell(cut(state));
    }
  }

  void catchUp(CatchUp asked, InstanceState state) {
    asked
        .relay()
        .tell(
            new Earlier(asked.since(), since(state, asked.since()).map(List::copyOf), state.at()));
  }

  private static long printed(InstanceState state, Fingerprint print) {
    return print.with(state.roster().counts());
  }

  private static Optional<List<Change>> since(InstanceState state, Position from) {
    return state.exists() && from.epoch() == state.at().epoch()
        ? state.changes().since(from.seq(), state.at().seq())
        : Optional.empty();
  }

  private Cut cut(InstanceState state) {
    return new Cut(
        state.at(),
        List.copyOf(state.roster().online().values()),
        List.copyOf(state.roster().here()),
        state.roster().counts(),
        List.copyOf(state.talk().newest(historySize)));
  }
}
