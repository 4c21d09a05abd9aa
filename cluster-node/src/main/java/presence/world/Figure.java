package presence.world;

import org.jspecify.annotations.Nullable;
import presence.cluster.Remote;

/// An avatar and whose it is. The session is told to nobody but the relays of nodes.
///
/// @param n the session's step at which it said this
/// @param entered its step of entering
/// @param place where it is; in the journal, where it was when its session last said something
/// @param ghostSince when its session was without a socket; 0 = it has one. Milliseconds since 1970
public record Figure(
    String id,
    String session,
    long n,
    long entered,
    @Nullable String handle,
    String look,
    Place place,
    long ghostSince)
    implements Remote {

  public boolean isGhost() {
    return ghostSince != 0;
  }

  public Figure at(Place other) {
    return new Figure(id, session, n, entered, handle, look, other, ghostSince);
  }
}
