package presence.gateway.ws;

import java.nio.ByteBuffer;
import java.time.Duration;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;
import presence.gateway.Wire.Event;
import presence.gateway.ws.SocketWire.Call;
import presence.gateway.ws.frame.FrameDecoder;
import presence.gateway.ws.frame.FrameEncoder;
import presence.gateway.ws.frame.Inbound;
import presence.gateway.ws.frame.Rfc6455;
import presence.protocol.CloseCode;

/// One WebSocket, from the bytes of its [Transport] to the events of a [presence.gateway.Wire].
///
/// **Reading.** Bytes are read while no whole message waits; a message waits until the connection
/// pulls. So a socket holds at most one message and the rest of one read. Pings and the client's
/// close are met in their order: what is behind a message that waits, waits with it.
///
/// **Writing.** A frame goes out by its [Shortcut], past this, while nothing is on its way through
/// the transport. Otherwise, what is due when bytes are taken goes out as one: the rest of a frame,
/// pongs, a frame, a close frame. One frame waits at most, since none is sent while one does. Pings
/// that came meanwhile are answered in their order; of more than some, only the latest, as the RFC
/// allows.
///
/// **Closing.** Once a close frame is due, no message is handed on and no other frame taken. When
/// both sides have said theirs, it ends. The client has some seconds for it; then the TCP
/// connection is aborted, so that a client that neither reads nor answers holds nothing. After a
/// violation the client's bytes are dropped until it ends the connection: ending it at once would
/// let a reset overtake the close frame.
public final class Socket {
  private static final Event READY = new Event.Ready();
  private static final Event BINARY = new Event.Binary();
  private static final Event HEARD = new Event.Heard();
  private static final Event GONE = new Event.Gone();

  /// What may wait in answers to pings: some short ones, or a few of the longest.
  private static final int PONGS_BYTES_MAX = 512;

  private static final ByteString NOTHING = ByteString.emptyByteString();

  private final Transport transport;
  private final SocketPlan.Opener opener;
  private final FrameDecoder decoder;
  private final Duration closePatience;
  private final Readiness readiness = new Readiness();
  private final Shortcut shortcut;
  private final SocketWire wire;

  private @Nullable ActorRef<Event> connection;
  private boolean gone;
  private boolean stopped;

  /// Inbound: bytes not yet decoded, a message not yet asked for, whether one is asked for.
  private @Nullable ByteBuffer unread;

  private @Nullable Event waiting;
  private boolean pulled;

  /// Outbound, in the order of going out: the answers to pings, a frame, the close frame.
  private ByteString pongs = NOTHING;

  private @Nullable ByteString frame;
  private @Nullable ByteString farewell;

  private boolean closing;
  private boolean clientClosed;
  private @Nullable Cancellable patience;

  Socket(
      Transport transport,
      SocketPlan.Opener opener,
      FrameDecoder decoder,
      Duration closePatience,
      Shortcut shortcut,
      boolean compresses) {
    this.transport = transport;
    this.opener = opener;
    this.decoder = decoder;
    this.closePatience = closePatience;
    this.shortcut = shortcut;
    wire = new SocketWire(transport.callback(this::onCall), readiness, shortcut, compresses);
  }

  /// Begins, once.
  public void start() {
    opener.open(wire, wire::opened);
    proceed();
  }

  /// For the transport: there is something to read, or the end of it.
  public void onReadable() {
    proceed();
  }

  /// For the transport: what was said is written.
  public void onWritten() {
    flush();
  }

  /// For the transport: the connection that it was to watch is dead.
  public void onDeath() {
    if (!stopped) {
      connection = null;
      gone = true;
      sayFarewell(Rfc6455.INTERNAL_ERROR, "");
      proceed();
    }
  }

  /// For the transport: it carries nothing any more.
  public void stop() {
    stopped = true;
    shortcut.end();
    tellGone();
    if (patience != null) {
      patience.cancel();
    }
  }

  private void onCall(Object call) {
    switch (call) {
      case SocketWire.Opened(ActorRef<Event> opened) -> onOpened(opened);
      case Object _ when stopped -> {}
      case ByteString text -> onSend(text);
      case Call.PULL -> pulled = true;
      case Call.REST -> {}
      case Call.FREED -> tellReady();
      case SocketWire.Close(CloseCode code, String reason) -> onClose(code, reason);
      case Call.OVERDUE -> transport.reset();
      default -> throw new IllegalArgumentException("not a call: " + call);
    }
    proceed();
  }

  private void onSend(ByteString text) {
    if (closing) {
      return;
    }
    if (frame != null) {
      throw new IllegalStateException("a frame was sent before the wire was ready");
    }
    frame = text;
  }

  private void onClose(CloseCode code, String reason) {
    if (code == CloseCode.LOST) {
      transport.reset();
    } else {
      sayFarewell(code.code(), reason);
    }
  }

  private void onOpened(ActorRef<Event> opened) {
    if (gone) {
      opened.tell(GONE);
      return;
    }
    connection = opened;
    transport.watch(Adapter.toClassic(opened));
    if (!closing) {
      opened.tell(READY);
    }
  }

  private void proceed() {
    if (!stopped) {
      read();
      flush();
    }
  }

  /// Decodes until a message waits or the bytes are used up, then asks for more of them.
  private void read() {
    deliver();
    ByteBuffer bytes = bytes();
    while (waiting == null && bytes != null) {
      Inbound event = decoder.next(bytes);
      if (event == null) {
        unread = null;
        bytes = bytes();
      } else {
        onInbound(event);
        deliver();
      }
    }
    if (waiting == null && transport.isEnded()) {
      onEnd();
    }
  }

  /// What is to be decoded next.
  private @Nullable ByteBuffer bytes() {
    if (unread == null && waiting == null) {
      ByteString read = transport.read();
      unread = read == null ? null : read.asByteBuffer();
    }
    return unread;
  }

  /// What is answered to a message by the short way is not to come before the answers to pings that
  /// came before it.
  private void deliver() {
    if (waiting != null && pulled && connection != null) {
      if (!pongs.isEmpty()) {
        flush();
      }
      pulled = false;
      connection.tell(waiting);
      waiting = null;
    }
  }

  private void onInbound(Inbound event) {
    switch (event) {
      case Inbound.Close(int code, String _) -> {
        onClientClosed();
        sayFarewell(code, "");
      }
      case Inbound _ when closing -> {}
      case Inbound.Text(String text) -> waiting = new Event.Text(text);
      case Inbound.Binary() -> waiting = BINARY;
      case Inbound.Ping(ByteString payload) -> {
        answer(payload);
        tellHeard();
      }
      case Inbound.Pong() -> tellHeard();
      case Inbound.Violation(int code, String why) -> {
        tellGone();
        sayFarewell(code, why);
      }
    }
  }

  private void answer(ByteString ping) {
    ByteString pong = FrameEncoder.pong(ping);
    pongs = pongs.size() + pong.size() > PONGS_BYTES_MAX ? pong : pongs.concat(pong);
  }

  /// The client's bytes have ended, with or without a close frame.
  private void onEnd() {
    onClientClosed();
    beginClosing();
  }

  private void onClientClosed() {
    clientClosed = true;
    tellGone();
  }

  private void sayFarewell(int code, String reason) {
    if (!closing) {
      farewell = FrameEncoder.close(code, reason);
      beginClosing();
    }
  }

  private void beginClosing() {
    closing = true;
    shortcut.end();
    waiting = null;
    if (patience == null) {
      patience = transport.after(closePatience, wire::overdue);
    }
  }

  /// Writes what is due, as one, if bytes are taken; completes when all is said on both sides.
  private void flush() {
    if (transport.isFree()) {
      ByteString said = said();
      ByteString due = shortcut.next(said);
      boolean frees = !closing && (frame != null || due.size() > said.size());
      pongs = NOTHING;
      frame = null;
      farewell = null;
      if (!due.isEmpty()) {
        transport.write(due);
      }
      if (frees && readiness.free()) {
        tellReady();
      }
    }
    if (clientClosed && frame == null && farewell == null) {
      transport.end();
    }
  }

  private ByteString said() {
    ByteString said = pongs;
    said = frame == null ? said : said.concat(frame);
    return farewell == null ? said : said.concat(farewell);
  }

  private void tellReady() {
    if (connection != null) {
      connection.tell(READY);
    }
  }

  private void tellHeard() {
    if (connection != null && wire.tellsHeard()) {
      connection.tell(HEARD);
    }
  }

  /// Tells the connection, once, and lets go of it.
  private void tellGone() {
    gone = true;
    if (connection != null) {
      transport.unwatch(Adapter.toClassic(connection));
      connection.tell(GONE);
      connection = null;
    }
  }
}
