package presence.user;

import presence.cluster.Remote;
import presence.protocol.ErrorCode;

/// What a mailbox answers to a [Posting], durably.
public sealed interface Verdict extends Remote {
  /// The number under which it was asked.
  long number();

  /// The message is in the mailbox, or was.
  record Taken(long number, String id) implements Verdict {}

  record Refused(long number, ErrorCode code) implements Verdict {}
}
