package presence.session;

import presence.instance.ChatInstance;
import presence.protocol.ErrorCode;
import presence.session.Notice.Over;
import presence.session.SessionCommand.Attach;
import presence.session.SessionCommand.Confirm;
import presence.session.SessionCommand.Detach;
import presence.session.SessionCommand.Evict;
import presence.session.SessionCommand.Order;
import presence.session.SessionCommand.Own;
import presence.session.SessionCommand.Quit;
import presence.session.SessionCommand.Reclaim;
import presence.session.SessionCommand.RollCall;
import presence.session.SessionCommand.Stop;
import presence.user.MailCommand;
import presence.user.Silence;
import presence.user.Verdict;
import presence.world.World;

/// What is answered in the name of a session that does not exist: not yet, or not any more.
final class Absence {
  private Absence() {}

  static void answer(String id, SessionCommand command, SessionSurroundings around) {
    switch (command) {
      case Attach attach -> attach.connection().tell(Opening.EXPIRED);
      case Reclaim reclaim -> reclaim.connection().tell(new Over(EndReason.GRACE_OVER));
      case Order order -> order.connection().tell(new Over(EndReason.GRACE_OVER));
      case Quit quit -> quit.replyTo().tell(false);
      case Evict evict -> {
        if (evict.replyTo() != null) {
          evict.replyTo().tell(false);
        }
      }
      case SessionCommand.Hush hush ->
          hush.replyTo().tell(new Silence.Heard(id, hush.silence().n())); // nobody to tell
      case RollCall roll ->
          around.instances().tell(roll.instance(), new ChatInstance.Unknown(id, roll.n()));
      case SessionCommand.Worldly worldly ->
          around.worlds().tell(worldly.piece(), new World.Unknown(id, worldly.n()));
      case SessionCommand.Post post ->
          post.replyTo().tell(new Verdict.Refused(post.number(), ErrorCode.UNKNOWN_RECIPIENT));
      case SessionCommand.Inform inform ->
          inform.replyTo().tell(MailCommand.Informed.of(inform.outcomes())); // nobody to tell
      case SessionCommand.Push push -> {}
      case Detach detach -> {}
      case Confirm confirm -> {}
      case Stop stop -> {}
      case Own own -> {}
    }
  }
}
