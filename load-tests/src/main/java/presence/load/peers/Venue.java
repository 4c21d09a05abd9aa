package presence.load.peers;

import java.net.URI;

/// Where the members of a room have their sockets, and how they speak there. People are numbers.
public interface Venue {
  /// Where this person's WebSocket is.
  URI address(int person);

  /// How a person speaks, in a room of this name.
  Tongue tongue(int person, String room);
}
