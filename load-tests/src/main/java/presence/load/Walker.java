package presence.load;

import java.util.SplittableRandom;
import presence.load.Frames.Frame;
import presence.protocol.ClientMessage;
import presence.protocol.Json;
import presence.protocol.ServerMessage;
import presence.protocol.Spot;

/// One client of a [Swarm] in a world: walks about, counts what it is sent and, if it observes,
/// measures how old the moves of others are when they come.
final class Walker implements Swarm.Client {
  /// What becomes of a walker; called on the swarm's thread.
  interface Owner {
    void opened(Walker walker);

    void entered(Walker walker);

    void failed(Walker walker, String why);

    /// A move of the avatar of this id has come, by its number.
    void saw(String id, long seq);
  }

  private static final int MOVES_KEPT = 1_024; // longer than any is on its way
  private static final double STRIDE = 5;

  private final String piece;
  private final String token;
  private final double side;
  private final boolean observes;
  private final Wording wording;
  private final Voice voice;
  private final Owner owner;
  private final SplittableRandom chance;
  private final long[] movedAt = new long[MOVES_KEPT];
  private boolean inside;
  private double x;
  private double y;
  private long seq;
  private long frames;
  private long bytes;

  /// @param side of the square it walks in
  Walker(
      String piece,
      String token,
      int number,
      double side,
      boolean observes,
      Wording wording,
      Owner owner) {
    this.piece = piece;
    this.token = token;
    this.side = side;
    this.observes = observes;
    this.wording = wording;
    this.voice = new Voice(wording);
    this.owner = owner;
    this.chance = new SplittableRandom(number);
    this.x = chance.nextDouble(side);
    this.y = chance.nextDouble(side);
  }

  void hello() {
    voice.say(new ClientMessage.Hello(1, token, null, null, null, null, null, null, null));
  }

  void move() {
    x = Math.clamp(x + chance.nextDouble(-STRIDE, STRIDE), 0, side);
    y = Math.clamp(y + chance.nextDouble(-STRIDE, STRIDE), 0, side);
    seq++;
    movedAt[(int) (seq % MOVES_KEPT)] = System.nanoTime();
    voice.say(new ClientMessage.Stride(piece, here(), seq, null));
  }

  /// When it made the move of this number.
  long movedAt(long number) {
    return movedAt[(int) (number % MOVES_KEPT)];
  }

  private Spot here() {
    return new Spot(Math.round(x * 10) / 10.0, Math.round(y * 10) / 10.0, null);
  }

  @Override
  public void opened(Swarm.Socket opened) {
    voice.has(opened);
    owner.opened(this);
  }

  @Override
  public void received(Frame frame) {
    frames++;
    bytes += frame.bytes();
    if (!inside || observes) {
      wording.readOnce(frame.payload()).forEach(this::on);
    }
  }

  private void on(ServerMessage message) {
    switch (message) {
      case ServerMessage.Welcome _ ->
          voice.say(new ClientMessage.Enter(piece, new Json("{}"), here(), null));
      case ServerMessage.WorldState _ -> {
        inside = true;
        owner.entered(this);
      }
      case ServerMessage.Moved moved when inside ->
          moved.moves().forEach(step -> owner.saw(step.id(), step.seq()));
      case ServerMessage.Error error -> owner.failed(this, error.code() + ": " + error.message());
      default -> {}
    }
  }

  @Override
  public void closed(int code) {
    owner.failed(this, "closed " + code);
  }

  long frames() {
    return frames;
  }

  long bytes() {
    return bytes;
  }

  /// Counts from here on.
  void startsCounting() {
    frames = 0;
    bytes = 0;
  }
}
