package presence.load.scale;

/// What the sessions of a [Room] do, in this order.
public enum Step {
  /// A session is opened by its first connection.
  ATTACH,
  /// It joins the room's instance.
  JOIN,
  /// It goes to the piece that shows the instance: its person is here from then on.
  LOOK,
  /// One member says something: one flush of the instance.
  SPEAK,
  /// The connection's sign of life, once with every ping.
  KEEP,
  /// The connection is lost.
  DETACH,
  /// The last session of the room is ended at once.
  EVICT,
  /// Each of the others gets a connection again.
  RETURN,
  /// The instance's numbers are those of who came.
  COUNT,
  /// All the others are ended.
  CLEAR;

  /// How often it is done in a room of so many sessions.
  public int times(int sessions) {
    return end(sessions) - first(sessions);
  }

  /// The first of so many sessions that does it.
  int first(int sessions) {
    return this == EVICT ? sessions - 1 : 0;
  }

  /// The one behind the last that does it.
  int end(int sessions) {
    return switch (this) {
      case ATTACH, JOIN, LOOK, KEEP, DETACH, EVICT -> sessions;
      case RETURN, CLEAR -> sessions - 1;
      case SPEAK, COUNT -> 1;
    };
  }
}
