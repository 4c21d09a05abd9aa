package presence.gateway;

import java.time.Duration;

/// The pauses between the repetitions of a question, each twice the one before, up to the longest.
final class Pauses {
  private final Duration first;
  private final Duration last;
  private Duration next;

  Pauses(Duration first, Duration last) {
    this.first = first;
    this.last = last;
    this.next = first;
  }

  Pauses(GatewayLimits limits) {
    this(limits.repeatFirst(), limits.repeatLast());
  }

  Duration next() {
    Duration now = next;
    Duration doubled = now.multipliedBy(2);
    next = doubled.compareTo(last) > 0 ? last : doubled;
    return now;
  }

  /// The question was answered; the next one is another.
  void startAnew() {
    next = first;
  }
}
