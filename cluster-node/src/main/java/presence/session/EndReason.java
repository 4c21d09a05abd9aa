package presence.session;

/// Why a session ended.
public enum EndReason {
  /// Nobody came back before the deadline.
  GRACE_OVER,
  /// The client said so.
  BYE,
  /// An operator ended it.
  KICKED,
  /// Its person is banned.
  BANNED,
  /// Its person has too many sessions.
  TOO_MANY
}
