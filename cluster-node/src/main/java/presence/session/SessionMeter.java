package presence.session;

/// Hears what the sessions of a node do, for those who measure it. Called by the sessions
/// themselves, so an answer takes no longer than counting does.
public interface SessionMeter {
  /// Hears nothing.
  SessionMeter NONE = new SessionMeter() {};

  /// What a session may do only so often.
  enum Limited {
    CHAT,
    DIRECT,
    LOCATION,
    MEMBERSHIP,
    EMIT
  }

  /// Why something was not said.
  enum Unsaid {
    MUTED,
    /// The word filter refused it.
    FILTERED,
    /// The word filter failed; it is asked again.
    UNJUDGED
  }

  /// A session took a step, which is durable, and has this lease since.
  default void stepped(String session, SessionEvent step, Lease now) {}

  /// A session was read from the journal.
  default void recovered(String session, Lease lease) {}

  /// A session is in the memory of this node no longer.
  default void left(String session) {}

  /// A session wanted to do something too often.
  default void limited(Limited what) {}

  /// Something was not said.
  default void unsaid(Unsaid why) {}

  /// One that hears, and then lets another one hear.
  default SessionMeter and(SessionMeter other) {
    SessionMeter first = this;
    return new SessionMeter() {
      @Override
      public void stepped(String session, SessionEvent step, Lease now) {
        first.stepped(session, step, now);
        other.stepped(session, step, now);
      }

      @Override
      public void recovered(String session, Lease lease) {
        first.recovered(session, lease);
        other.recovered(session, lease);
      }

      @Override
      public void left(String session) {
        first.left(session);
        other.left(session);
      }

      @Override
      public void limited(Limited what) {
        first.limited(what);
        other.limited(what);
      }

      @Override
      public void unsaid(Unsaid why) {
        first.unsaid(why);
        other.unsaid(why);
      }
    };
  }
}
