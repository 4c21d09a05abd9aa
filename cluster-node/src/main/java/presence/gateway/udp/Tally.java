package presence.gateway.udp;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import presence.gateway.Traffic;
import presence.gateway.Traffic.Drop;

/// Counts datagrams; from any thread.
final class Tally {
  private final LongAdder accepted = new LongAdder();
  private final LongAdder sent = new LongAdder();
  private final LongAdder sentBytes = new LongAdder();
  private final LongAdder unsent = new LongAdder();
  private final Map<Drop, LongAdder> dropped = new EnumMap<>(Drop.class);

  Tally() {
    for (Drop why : Drop.values()) {
      dropped.put(why, new LongAdder());
    }
  }

  void accepted() {
    accepted.increment();
  }

  /// @param bytes as many as the network took of a datagram; 0 = it took none
  void sent(int bytes) {
    (bytes > 0 ? sent : unsent).increment();
    sentBytes.add(bytes);
  }

  void dropped(Drop why) {
    LongAdder count = dropped.get(why);
    if (count != null) {
      count.increment();
    }
  }

  Traffic traffic(int paths) {
    Map<Drop, Long> drops = new EnumMap<>(Drop.class);
    dropped.forEach((why, count) -> drops.put(why, count.sum()));
    return new Traffic(paths, accepted.sum(), sent.sum(), sentBytes.sum(), unsent.sum(), drops);
  }
}
