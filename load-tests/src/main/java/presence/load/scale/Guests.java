package presence.load.scale;

import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import presence.auth.Principal;
import presence.auth.SessionIds;
import presence.protocol.Handle;
import presence.protocol.Member;
import presence.session.Opening;

/// The sessions of one room and whose they are: each is a person of their own.
final class Guests {
  private final String instance;
  private final List<String> ids;
  private final long[] epochs;
  private final int[] connections;

  private Guests(String instance, List<String> ids) {
    this.instance = instance;
    this.ids = ids;
    this.epochs = new long[ids.size()];
    this.connections = new int[ids.size()];
  }

  /// So many that were never seen before.
  static Guests of(String instance, int count, SessionIds mint, RandomGenerator random) {
    return new Guests(
        instance, IntStream.range(0, count).mapToObj(_ -> mint.mint(random)).toList());
  }

  String instance() {
    return instance;
  }

  int size() {
    return ids.size();
  }

  String session(int guest) {
    return ids.get(guest);
  }

  Opening first(int guest) {
    return new Opening.Fresh(new Principal.User(Handle.of(handle(guest))));
  }

  /// The opening of who shows the token of the connection before.
  Opening again(int guest) {
    return new Opening.ByToken(token(guest, connections[guest] - 1), null);
  }

  /// As long as the hash of a token is.
  String token(int guest) {
    return token(guest, connections[guest]);
  }

  private String token(int guest, int connection) {
    return "%s%03d".formatted(ids.get(guest), connection);
  }

  Member member(int guest) {
    return new Member(handle(guest), handle(guest), name(guest));
  }

  String name(int guest) {
    return "Guest " + guest;
  }

  private String handle(int guest) {
    return "@%s-guest-%d".formatted(instance, guest);
  }

  long epoch(int guest) {
    return epochs[guest];
  }

  void attached(int guest, long epoch) {
    epochs[guest] = epoch;
    connections[guest]++;
  }
}
