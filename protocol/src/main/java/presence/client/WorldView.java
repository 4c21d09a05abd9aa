package presence.client;

import java.util.Map;
import presence.protocol.Avatar;

/// A world as a client knows it now.
///
/// @param self the id of the client's own avatar, which is not among the others
/// @param others by id
public record WorldView(String piece, String self, Map<String, Avatar> others) {
  public WorldView {
    others = Map.copyOf(others);
  }
}
