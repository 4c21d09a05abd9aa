package presence.gateway;

import presence.session.TokenBucket;

/// What one caller has open, and how often it may do what. Immutable.
///
/// @param connections of TCP, whatever is spoken on them
/// @param sockets WebSockets, and streams of events
/// @param anonymous sockets whose session proved nothing
/// @param opens how often it may still open a socket
/// @param hellos how often it may still say hello
/// @param requests how often it may still ask something by HTTP
/// @param failures how often it may still fail to prove what it said
record Conduct(
    int connections,
    int sockets,
    int anonymous,
    TokenBucket opens,
    TokenBucket hellos,
    TokenBucket requests,
    TokenBucket failures) {

  static Conduct first(Callers.Limits limits, long now) {
    return new Conduct(
        0,
        0,
        0,
        TokenBucket.full(limits.opens(), now),
        TokenBucket.full(limits.hellos(), now),
        TokenBucket.full(limits.requests(), now),
        TokenBucket.full(limits.failures(), now));
  }

  /// As it is now: what may be done only so often may be done again with time.
  Conduct at(long now) {
    return new Conduct(
        connections,
        sockets,
        anonymous,
        opens.refilled(now),
        hellos.refilled(now),
        requests.refilled(now),
        failures.refilled(now));
  }

  boolean hasNothingOpen() {
    return connections == 0 && sockets == 0 && anonymous == 0;
  }

  Conduct connected(int more) {
    return new Conduct(connections + more, sockets, anonymous, opens, hellos, requests, failures);
  }

  Conduct opened(int more) {
    return new Conduct(connections, sockets + more, anonymous, opens, hellos, requests, failures);
  }

  Conduct anonymous(int more) {
    return new Conduct(connections, sockets, anonymous + more, opens, hellos, requests, failures);
  }

  Conduct withOpens(TokenBucket left) {
    return new Conduct(connections, sockets, anonymous, left, hellos, requests, failures);
  }

  Conduct withHellos(TokenBucket left) {
    return new Conduct(connections, sockets, anonymous, opens, left, requests, failures);
  }

  Conduct withFailures(TokenBucket left) {
    return new Conduct(connections, sockets, anonymous, opens, hellos, requests, left);
  }

  Conduct withRequests(TokenBucket left) {
    return new Conduct(connections, sockets, anonymous, opens, hellos, left, failures);
  }
}
