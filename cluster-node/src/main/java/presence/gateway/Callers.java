package presence.gateway;

import java.net.InetAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import presence.session.Rate;
import presence.session.TokenBucket;

/// The callers of a node and what each has open and may still do, so that none of them takes what
/// is there for all. Asked by many threads at once; an answer takes no longer than counting does.
///
/// Who has something open is remembered, and there are no more of those than the node has sockets.
/// Of the others the latest are, as many as may be: somebody with more addresses than that is let
/// off the rates, but not off what the node as a whole admits.
public final class Callers {
  /// What a caller had too much of.
  public enum Limit {
    CONNECTIONS,
    SOCKETS,
    OPENS,
    HELLOS,
    REQUESTS,
    FAILURES,
    ANONYMOUS
  }

  /// The bounds of one caller; each is a config key under `presence.callers`.
  ///
  /// @param connections of TCP at the same time
  /// @param sockets WebSockets and streams of events at the same time
  /// @param anonymous of these, whose session proved nothing
  /// @param opens how often a socket may be opened
  /// @param hellos how often a hello may be said
  /// @param requests how often something may be asked by HTTP
  /// @param failures how often one may be refused for what it proves; then nobody but who holds a
  ///   lease may say hello until there is room again
  /// @param remembered callers that have nothing open
  public record Limits(
      int connections,
      int sockets,
      int anonymous,
      Rate opens,
      Rate hellos,
      Rate requests,
      Rate failures,
      int remembered) {}

  /// For those who have as many sockets as they may: when one ends, nobody knows.
  static final Duration A_WHILE = Duration.ofSeconds(10);

  private final Limits limits;
  private final List<Network> unlimited;
  private final InstantSource clock;
  private final GatewayMeter meter;
  private final Map<Caller, Conduct> present = new HashMap<>();
  private final LinkedHashMap<Caller, Conduct> absent = new LinkedHashMap<>(16, 0.75f, true);

  /// @param unlimited whom no limit holds for
  public Callers(Limits limits, List<Network> unlimited, InstantSource clock, GatewayMeter meter) {
    this.limits = limits;
    this.unlimited = List.copyOf(unlimited);
    this.clock = clock;
    this.meter = meter;
  }

  /// Whom to count what comes from this address for; nobody = it is not counted.
  public Optional<Caller> at(InetAddress address) {
    return unlimited.stream().anyMatch(each -> each.contains(address))
        ? Optional.empty()
        : Optional.of(Caller.of(address));
  }

  /// A TCP connection begins, unless there are too many; if so, [#disconnects] must follow.
  public synchronized boolean connects(Caller caller) {
    Conduct conduct = conduct(caller);
    if (conduct.connections() >= limits.connections()) {
      return refused(Limit.CONNECTIONS);
    }
    keep(caller, conduct.connected(1));
    return true;
  }

  public synchronized void disconnects(Caller caller) {
    keep(caller, conduct(caller).connected(-1));
  }

  /// Whether a socket may be opened: how long to wait first; zero = it may. This counts as opening
  /// one.
  public synchronized Duration mayOpen(Caller caller) {
    Conduct conduct = conduct(caller);
    if (conduct.sockets() >= limits.sockets()) {
      return refused(Limit.SOCKETS, A_WHILE);
    }
    TokenBucket opens = conduct.opens();
    if (!opens.has()) {
      return refused(Limit.OPENS, opens.untilNext());
    }
    keep(caller, conduct.withOpens(opens.taken()));
    return Duration.ZERO;
  }

  /// Whether something may be asked by HTTP: how long to wait first; zero = it may, and this was
  /// one.
  public synchronized Duration mayAsk(Caller caller) {
    Conduct conduct = conduct(caller);
    TokenBucket requests = conduct.requests();
    if (!requests.has()) {
      return refused(Limit.REQUESTS, requests.untilNext());
    }
    keep(caller, conduct.withRequests(requests.taken()));
    return Duration.ZERO;
  }

  synchronized void opened(Caller caller) {
    keep(caller, conduct(caller).opened(1));
  }

  synchronized void closed(Caller caller, boolean anonymous) {
    keep(caller, conduct(caller).opened(-1).anonymous(anonymous ? -1 : 0));
  }

  /// Whether a hello may be said: how long to wait first; zero = it may. This counts as saying it.
  ///
  /// @param holdsLease whether it comes with a token of a session of ours
  synchronized Duration mayGreet(Caller caller, boolean holdsLease) {
    Conduct conduct = conduct(caller);
    if (!conduct.hellos().has()) {
      return refused(Limit.HELLOS, conduct.hellos().untilNext());
    }
    if (!conduct.failures().has() && !holdsLease) {
      return refused(Limit.FAILURES, conduct.failures().untilNext());
    }
    keep(caller, conduct.withHellos(conduct.hellos().taken()));
    return Duration.ZERO;
  }

  /// What a hello said was not proven.
  synchronized void failed(Caller caller) {
    Conduct conduct = conduct(caller);
    if (conduct.failures().has()) {
      keep(caller, conduct.withFailures(conduct.failures().taken()));
    }
  }

  /// Whether one more of its sockets may be nobody's; if so, it is from now on.
  synchronized boolean mayBeAnonymous(Caller caller) {
    if (conduct(caller).anonymous() >= limits.anonymous()) {
      return refused(Limit.ANONYMOUS);
    }
    anonymous(caller, 1);
    return true;
  }

  synchronized void anonymous(Caller caller, int more) {
    keep(caller, conduct(caller).anonymous(more));
  }

  private Conduct conduct(Caller caller) {
    long now = clock.millis();
    Conduct conduct = present.get(caller);
    if (conduct == null) {
      conduct = absent.get(caller);
    }
    return conduct == null ? Conduct.first(limits, now) : conduct.at(now);
  }

  private void keep(Caller caller, Conduct conduct) {
    if (conduct.hasNothingOpen()) {
      present.remove(caller);
      absent.put(caller, conduct);
      if (absent.size() > limits.remembered()) {
        absent.pollFirstEntry();
      }
    } else {
      absent.remove(caller);
      present.put(caller, conduct);
    }
    meter.callers(present.size() + absent.size());
  }

  private boolean refused(Limit limit) {
    meter.refuses(limit);
    return false;
  }

  private Duration refused(Limit limit, Duration wait) {
    meter.refuses(limit);
    return wait;
  }
}
