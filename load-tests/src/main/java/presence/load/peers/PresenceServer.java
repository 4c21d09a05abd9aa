package presence.load.peers;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import presence.load.HeapHistogram;
import presence.load.Rest;
import presence.load.Wording;
import presence.load.process.NodeProcess;

/// A node as the README starts it: its journal on disk, its limits as they are, which for addresses
/// do not count for the machine itself. Only the time in which a socket has to say hello is longer,
/// because bare sockets are measured by themselves, and the rate at which one member may talk.
final class PresenceServer implements Server {
  private static final Map<String, String> SETTINGS =
      Map.of(
          "PRESENCE_CONNECTION_HELLO_DEADLINE", "2m",
          "PRESENCE_RATES_CHAT_PER_MINUTE", "60000",
          "PRESENCE_RATES_CHAT_BURST", "1000");

  private final NodeProcess node = NodeProcess.start(SETTINGS);
  private final Wording wording = new Wording();
  private final Memo memo = PresenceTongue.memo(wording);
  private final List<String> tokens;

  /// @param people how many will have a token
  PresenceServer(int people) {
    try (Rest rest = new Rest(node.url())) {
      tokens = rest.tokens("peer", people);
    }
  }

  @Override
  public URI address() {
    return node.url();
  }

  @Override
  public Tongue tongue(int person, String room) {
    return new PresenceTongue(room, tokens.get(person), wording, memo);
  }

  @Override
  public Duration cpu() {
    return node.cpu();
  }

  @Override
  public long memory() {
    return HeapHistogram.of(node.pid()).bytes();
  }

  /// What it said that it does not say when all is well.
  List<String> complaints() {
    return node.complaints();
  }

  @Override
  public void close() {
    node.close();
  }
}
