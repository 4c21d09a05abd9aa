package presence.session;

import presence.cluster.Door;
import presence.protocol.ServerMessage.Parting;
import presence.world.World;

/// The way from worlds to sessions.
public record WorldTies(Door<SessionCommand> sessions) implements World.Ties {

  @Override
  public void call(String session, String piece, long n) {
    sessions.tell(session, new SessionCommand.WorldRoll(piece, n));
  }

  @Override
  public void dismiss(String session, String piece, long n, String id, Parting why) {
    sessions.tell(session, new SessionCommand.Dismissal(piece, n, id, why));
  }
}
