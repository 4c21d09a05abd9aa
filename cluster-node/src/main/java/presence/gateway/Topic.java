package presence.gateway;

/// What a stream is about.
record Topic(Kind kind, String name) {
  enum Kind {
    INSTANCE,
    WORLD
  }

  static Topic instance(String name) {
    return new Topic(Kind.INSTANCE, name);
  }

  static Topic world(String piece) {
    return new Topic(Kind.WORLD, piece);
  }
}
