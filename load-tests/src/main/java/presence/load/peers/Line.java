package presence.load.peers;

/// What a [Tongue] speaks into, and where it says what it understood.
interface Line {
  void send(String frame);

  void hear(Heard heard);
}
