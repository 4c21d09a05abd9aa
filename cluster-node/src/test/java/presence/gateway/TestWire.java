package presence.gateway;

import java.util.ArrayList;
import java.util.List;
import presence.protocol.CloseCode;
import presence.protocol.Codec;
import presence.protocol.ServerMessage;

/// A wire that takes one frame each time the test says that it is ready.
final class TestWire implements Wire {
  private final Codec codec;
  private final List<ServerMessage> sent = new ArrayList<>();
  private boolean ready;
  private boolean closed;

  TestWire(Codec codec) {
    this.codec = codec;
  }

  void readies() {
    ready = true;
  }

  List<ServerMessage> sent() {
    return sent;
  }

  boolean isClosed() {
    return closed;
  }

  @Override
  public boolean isReady() {
    return ready;
  }

  @Override
  public boolean take() {
    boolean taken = ready;
    ready = false;
    return taken;
  }

  @Override
  public void release() {
    ready = true;
  }

  @Override
  public void send(Payload payload) {
    sent.addAll(codec.decodeServerFrame(payload.utf8().utf8String()));
  }

  @Override
  public void pull() {}

  @Override
  public void close(CloseCode code, String reason) {
    closed = true;
  }
}
