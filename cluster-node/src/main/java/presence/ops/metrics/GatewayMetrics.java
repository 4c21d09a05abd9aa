package presence.ops.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import presence.gateway.Callers;
import presence.gateway.GatewayMeter;
import presence.protocol.CloseCode;
import presence.protocol.ErrorCode;

/// The sockets of a node, its relays, and what goes on in worlds between them.
public final class GatewayMetrics implements GatewayMeter {
  private final AtomicInteger sockets = new AtomicInteger();
  private final Map<CloseCode, Counter> closes = new EnumMap<>(CloseCode.class);
  private final Map<ErrorCode, Counter> unreadable = new EnumMap<>(ErrorCode.class);
  private final Map<Callers.Limit, Counter> refusals = new EnumMap<>(Callers.Limit.class);
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
    for (CloseCode code : CloseCode.values()) {
      Counter counter =
          Counter.builder("presence.closes")
              .description(
                  "Sockets closed by this side, by their close code; 4408 reads too slowly")
              .tag("code", String.valueOf(code.code()))
              .register(registry);
      closes.put(code, counter);
    }
    for (ErrorCode code : ErrorCode.values()) {
      if (isOfReading(code)) {
        Counter counter =
            Counter.builder("presence.decode.errors")
                .description("Messages of clients that could not be read, by the error they got")
                .tag("code", SessionMetrics.word(code))
                .register(registry);
        unreadable.put(code, counter);
      }
    }
    for (Callers.Limit limit : Callers.Limit.values()) {
      Counter counter =
          Counter.builder("presence.callers.refused")
              .description("What an address was refused, which has or does too much, by the limit")
              .tag("limit", limit.name().toLowerCase(Locale.ROOT))
              .register(registry);
      refusals.put(limit, counter);
    }
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

  private static boolean isOfReading(ErrorCode code) {
    return switch (code) {
      case BAD_JSON, BAD_MESSAGE, UNKNOWN_TYPE, TOO_LONG -> true;
      default -> false;
    };
  }

  @Override
  public void open(int now) {
    sockets.set(now);
  }

  @Override
  public void closes(CloseCode code) {
    Counter counter = closes.get(code);
    if (counter != null) {
      counter.increment();
    }
  }

  @Override
  public void unreadable(ErrorCode code) {
    Counter counter = unreadable.get(isOfReading(code) ? code : ErrorCode.BAD_MESSAGE);
    if (counter != null) {
      counter.increment();
    }
  }

  @Override
  public void refuses(Callers.Limit limit) {
    Counter counter = refusals.get(limit);
    if (counter != null) {
      counter.increment();
    }
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
