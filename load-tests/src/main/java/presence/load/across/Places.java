package presence.load.across;

import java.net.URI;
import java.util.List;
import java.util.function.IntUnaryOperator;
import presence.load.peers.Memo;
import presence.load.peers.PresenceTongue;
import presence.load.peers.Tongue;
import presence.load.peers.Venue;

/// On which node each person of a room has a socket.
///
/// @param node by the person's number
record Places(Stage stage, List<String> tokens, Memo memo, IntUnaryOperator node) implements Venue {
  @Override
  public URI address(int person) {
    return stage.url(node.applyAsInt(person));
  }

  @Override
  public Tongue tongue(int person, String room) {
    return new PresenceTongue(room, tokens.get(person), stage.wording(), memo);
  }
}
