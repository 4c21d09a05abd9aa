package presence.gateway;

import java.util.concurrent.atomic.AtomicInteger;

/// The way past one connection: a relay writes what comes next of a stream to the connection's wire
/// itself, while nothing of any stream is on its way through the connection. That saves each socket
/// a turn of its actor, and the writes of one change follow each other closely.
///
/// What a relay tells the connection instead is counted until it is with the wire, so that nothing
/// overtakes it; a stream that was dropped is counted until it has begun anew.
final class Bypass {
  private final Wire wire;
  private final int frameBytesMax;
  private final AtomicInteger told = new AtomicInteger();

  /// @param frameBytesMax what is longer goes through the connection, which knows how to part it
  Bypass(Wire wire, int frameBytesMax) {
    this.wire = wire;
    this.frameBytesMax = frameBytesMax;
  }

  /// For a relay: one more delivery goes through the connection.
  void tells() {
    told.incrementAndGet();
  }

  /// For the connection: this many of them are with the wire.
  void passed(int deliveries) {
    told.addAndGet(-deliveries);
  }

  /// For a relay: writes this if it can be now and, once nobody else writes, still may.
  boolean write(Batch batch, Following following) {
    if (told.get() != 0 || batch.bytes() > frameBytesMax) {
      return false;
    }
    Payload frame = batch.frame();
    if (!wire.take()) {
      return false;
    }
    if (!following.gets(batch)) {
      wire.release();
      return false;
    }
    wire.send(frame);
    return true;
  }
}
