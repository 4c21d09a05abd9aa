package presence.client;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import presence.protocol.ClientMessage;

/// Whom the client follows, on one socket after the other. Serial.
final class Watched {
  private static final int WATCH_SIZE_MAX = 1_000; // of one message

  private final Set<String> users = new LinkedHashSet<>();

  void follow(List<String> more) {
    users.addAll(more);
  }

  void dismiss(List<String> some) {
    some.forEach(users::remove);
  }

  /// Follows everybody on a new socket.
  void again(Edge edge) {
    List<String> all = List.copyOf(users);
    for (int at = 0; at < all.size(); at += WATCH_SIZE_MAX) {
      List<String> some = all.subList(at, Math.min(all.size(), at + WATCH_SIZE_MAX));
      edge.say(new ClientMessage.Watch(some, null));
    }
  }
}
