package presence.ops.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import presence.gateway.Callers;
import presence.gateway.GatewayMeter;
import presence.protocol.CloseCode;
import presence.protocol.ErrorCode;

/// The sockets of a node, its relays, and what goes on in worlds between them.
public final class GatewayMetrics implements GatewayMeter {
  private static final Set<ErrorCode> OF_READING =
      EnumSet.of(
          ErrorCode.BAD_JSON, ErrorCode.BAD_MESSAGE, ErrorCode.UNKNOWN_TYPE, ErrorCode.TOO_LONG);

  private final AtomicInteger sockets = new AtomicInteger();
  private final Counters<CloseCode> closes;
  private final Counters<ErrorCode> unreadable;
  private final Counters<Callers.Limit> refusals;
  private final AtomicInteger callers = new AtomicInteger();
  private final Counter conflations;
  private final Counter late;
  private final Counter divergence;
  private final Map<String, Integer> members = new ConcurrentHashMap<>();
  private final Counter walked;
  private final Counter toldBySocket;
  private final Counter toldByDatagrams;
  private final Counter toldBytes;

  GatewayMetrics(MeterRegistry registry) {
    Gauge.builder("presence.connections", sockets, AtomicInteger::get)
        .description("Open sockets")
        .register(registry);
    closes =
        Counters.of(
            List.of(CloseCode.values()),
            "presence.closes",
            "Sockets closed by this side, by their close code; 4408 reads too slowly",
            "code",
            code -> String.valueOf(code.code()),
            registry);
    unreadable =
        Counters.of(
            OF_READING,
            "presence.decode.errors",
            "Messages of clients that could not be read, by the error they got",
            "code",
            registry);
    refusals =
        Counters.of(
            List.of(Callers.Limit.values()),
            "presence.callers.refused",
            "What an address was refused, which has or does too much, by the limit",
            "limit",
            registry);
    Gauge.builder("presence.callers", callers, AtomicInteger::get)
        .description("Addresses that are remembered for their limits")
        .register(registry);
    conflations =
        Counter.builder("presence.outbox.conflations")
            .description("Streams dropped for a slow reader, which gets a fresh snapshot")
            .register(registry);
    late =
        Counter.builder("presence.reattaches")
            .description("Clients that came back: to their session, which nobody saw; or too late")
            .tag("kind", "late")
            .register(registry);
    divergence =
        Counter.builder("presence.divergence")
            .description("Replicas of an instance that were not what it says; must stay 0")
            .register(registry);
    Gauge.builder("presence.world.members", members, GatewayMetrics::sum)
        .description("Clients of this node in worlds: each once for every world it is in")
        .register(registry);
    walked = moves(registry, "in");
    toldBySocket = moves(registry, "out_socket");
    toldByDatagrams = moves(registry, "out_datagram");
    toldBytes =
        Counter.builder("presence.world.told")
            .description("What clients of this node were told of moves by their sockets")
            .baseUnit("bytes")
            .register(registry);
  }

  private static Counter moves(MeterRegistry registry, String direction) {
    return Counter.builder("presence.world.moves")
        .description("Moves that clients of this node made, or were told of, by the way they took")
        .tag("direction", direction)
        .register(registry);
  }

  private static double sum(Map<String, Integer> numbers) {
    return numbers.values().stream().mapToInt(Integer::intValue).sum();
  }

  @Override
  public void open(int now) {
    sockets.set(now);
  }

  @Override
  public void closes(CloseCode code) {
    closes.increment(code);
  }

  @Override
  public void unreadable(ErrorCode code) {
    unreadable.increment(OF_READING.contains(code) ? code : ErrorCode.BAD_MESSAGE);
  }

  @Override
  public void refuses(Callers.Limit limit) {
    refusals.increment(limit);
  }

  @Override
  public void callers(int remembered) {
    callers.set(remembered);
  }

  @Override
  public void conflated() {
    conflations.increment();
  }

  @Override
  public void tooLate() {
    late.increment();
  }

  @Override
  public void diverged() {
    divergence.increment();
  }

  @Override
  public void follow(String piece, int now) {
    if (now == 0) {
      members.remove(piece);
    } else {
      members.put(piece, now);
    }
  }

  @Override
  public void walked() {
    walked.increment();
  }

  @Override
  public void toldBySocket(int moves, int bytes) {
    toldBySocket.increment(moves);
    toldBytes.increment(bytes);
  }

  @Override
  public void toldByDatagrams(int moves) {
    toldByDatagrams.increment(moves);
  }

  public int sockets() {
    return sockets.get();
  }
}
