package presence.load.scenarios;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import presence.load.Swarm;
import presence.protocol.ServerMessage.Welcome;

/// The times by which a node judges its clients.
///
/// @param grace for which who lost a socket keeps its place
/// @param ping after which a silent client is asked for a sign of life; twice that ends its socket
/// @param hello in which a socket must say hello
/// @param slow for which a full socket may stay full
record Terms(Duration grace, Duration ping, Duration hello, Duration slow) {
  /// Of a node of our own: short, so that nobody waits long, and enough for a busy machine.
  private static final Terms OWN =
      new Terms(
          Duration.ofSeconds(5),
          Duration.ofSeconds(2),
          Duration.ofSeconds(3),
          Duration.ofSeconds(1));

  /// What a node says to nobody: its defaults.
  private static final Duration HELLO = Duration.ofSeconds(10);

  private static final Duration SLOW = Duration.ofSeconds(30);

  /// The settings of a node of our own. Little waits for who does not read, and people may say much
  /// to them. Its relays say once a second how many sockets they serve.
  static Map<String, String> settings() {
    return Map.of(
        "PRESENCE_GRACE",
        seconds(OWN.grace),
        "PRESENCE_PING",
        seconds(OWN.ping),
        "PRESENCE_CONNECTION_HELLO_DEADLINE",
        seconds(OWN.hello),
        "PRESENCE_CONNECTION_OUTBOX_BYTES_MAX",
        "128KiB",
        "PRESENCE_CONNECTION_OUTBOX_DRAIN_MAX",
        seconds(OWN.slow),
        "PRESENCE_INSTANCE_RELAY_KEEP_ALIVE",
        "1s",
        "PRESENCE_CONNECTION_CLOSE_WAIT",
        "1s",
        "PRESENCE_RATES_CHAT_PER_MINUTE",
        "60000",
        "PRESENCE_RATES_CHAT_BURST",
        "1000");
  }

  private static String seconds(Duration time) {
    return time.toSeconds() + "s";
  }

  /// Those of a node of our own.
  static Terms own() {
    return OWN;
  }

  /// Those of any node, as it tells somebody who comes; of the rest the defaults.
  static Terms of(URI node) {
    try (Swarm swarm = Swarm.of(node)) {
      Rogue anybody = Rogue.comes(swarm);
      Welcome welcome = anybody.hello(null);
      anybody.says("{\"type\":\"bye\"}");
      return new Terms(
          Duration.ofMillis(welcome.graceMs()), Duration.ofMillis(welcome.pingMs()), HELLO, SLOW);
    }
  }
}
