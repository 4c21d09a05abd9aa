package presence.user;

/// Hears what happens to the mailboxes of a node, for those who measure it. Called by their owners,
/// so an answer takes no longer than counting does.
public interface MailMeter {
  /// Hears nothing.
  MailMeter NONE = new MailMeter() {};

  /// Something happened to the mailbox of a person, or of an anonymous session.
  default void happened(String owner, MailEvent event, Mailbox before, Mailbox now) {}

  /// A mailbox was read from the journal.
  default void recovered(String owner, Mailbox box) {}

  /// A mailbox is in the memory of this node no longer.
  default void left(String owner) {}
}
