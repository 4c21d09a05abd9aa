package presence.client;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import presence.protocol.CloseCode;

/// One WebSocket: puts partial frames together, keeps one send under way, takes a few frames that
/// are not dealt with and no more. Whatever it tells, it tells on the client's lane, and nothing
/// more once it was dropped.
///
/// The JDK's WebSocket loses the news that the line has ended when it comes while no frame is asked
/// for, or while another thread than the one that reads is still inside of it. So the thread that
/// reads asks for the next frame with the last one in its hands; the lane asks only when it is
/// behind. What is lost even so, the [Pulse] finds.
final class Socket implements WebSocket.Listener {
  private static final String SUBPROTOCOL = "presence.v1";
  private static final int FRAMES_MAX = 4; // taken and not dealt with, pongs among them

  /// What becomes of a socket; called on the lane.
  interface Owner {
    void opened(Socket socket);

    void frame(Socket socket, String text);

    void alive(Socket socket);

    void closed(Socket socket, int code, String reason);
  }

  private final Lane lane;
  private final Owner owner;
  private final Outbox outbox = new Outbox();
  private final StringBuilder partial = new StringBuilder();
  private final AtomicInteger room = new AtomicInteger(); // a frame is asked for while there is any

  // only touched on the lane
  private @Nullable WebSocket webSocket;
  private boolean sending;
  private boolean dropped;
  private boolean reading;
  private int owed = FRAMES_MAX; // room that is to be given once something is to be read

  Socket(Lane lane, Owner owner, boolean reading) {
    this.lane = lane;
    this.owner = owner;
    this.reading = reading;
  }

  /// @param uri is asked once
  void open(ClientRuntime runtime, Supplier<URI> uri) {
    runtime.workers().execute(() -> connect(runtime.http(), uri)); // may wait for a name's address
  }

  private void connect(HttpClient http, Supplier<URI> uri) {
    WebSocket.Builder socket = http.newWebSocketBuilder().subprotocols(SUBPROTOCOL);
    // for the whole handshake: a frozen server's kernel still accepts
    http.connectTimeout().ifPresent(socket::connectTimeout);
    try {
      var _ =
          socket
              .buildAsync(uri.get(), this)
              .whenComplete((opened, failure) -> {
                if (failure != null) {
                  lane.execute(() -> lost("not opened: " + failure));
                } else {
                  lane.execute(() -> opened(opened));
                }
              });
    } catch (RuntimeException e) {
      lane.execute(() -> lost("not opened: " + e));
    }
  }

  private void opened(WebSocket opened) {
    webSocket = opened;
    if (dropped) {
      opened.abort();
      return;
    }
    askForMore();
    owner.opened(this);
  }

  Outbox outbox() {
    return outbox;
  }

  /// Sends what waits, unless something is still on its way: then what comes meanwhile leaves
  /// together.
  void flush() {
    if (webSocket == null || sending || dropped) {
      return;
    }
    String frame = outbox.next();
    if (frame != null) {
      sending = true;
      var _ =
          webSocket
              .sendText(frame, true)
              .whenComplete((_, failure) -> lane.execute(() -> sent(failure)));
    }
  }

  private void sent(@Nullable Throwable failure) {
    sending = false;
    if (failure != null) {
      lost("not sent: " + failure);
    } else {
      flush();
    }
  }

  void ping() {
    if (webSocket != null && !dropped) {
      var _ = webSocket.sendPing(ByteBuffer.allocate(0));
    }
  }

  /// Closes the connection without a word.
  void drop() {
    dropped = true;
    if (webSocket != null) {
      webSocket.abort();
    }
  }

  void read(boolean wanted) {
    reading = wanted;
    askForMore();
  }

  private void take(WebSocket from, Runnable deal) {
    lane.execute(() -> {
      if (!dropped) {
        try {
          deal.run();
        } finally {
          owed++; // only now: what is not dealt with stays in the network
          askForMore();
        }
      }
    });
    if (room.decrementAndGet() > 0) {
      from.request(1);
    }
  }

  private void askForMore() {
    if (reading && owed > 0 && webSocket != null) {
      if (room.getAndAdd(owed) == 0) {
        webSocket.request(1);
      }
      owed = 0;
    }
  }

  private void lost(String reason) {
    closed(CloseCode.LOST.code(), reason);
  }

  private void closed(int code, String reason) {
    if (!dropped) {
      drop();
      owner.closed(this, code, reason);
    }
  }

  @Override
  public void onOpen(WebSocket opened) {
    // dealt with when the JDK is through with it
  }

  @Override
  public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
    if (partial.length() + data.length() > ClientRuntime.FRAME_CHARS_MAX) {
      lane.execute(() -> lost("a frame too long to be taken"));
      return null;
    }
    partial.append(data);
    if (!last) {
      from.request(1);
      return null;
    }
    String text = partial.toString();
    partial.setLength(0);
    partial.trimToSize();
    take(from, () -> owner.frame(this, text));
    return null;
  }

  @Override
  public @Nullable CompletionStage<?> onPong(WebSocket from, ByteBuffer message) {
    take(from, () -> owner.alive(this));
    return null;
  }

  @Override
  public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
    lane.execute(() -> closed(code, reason));
    return null;
  }

  @Override
  public void onError(WebSocket from, Throwable failure) {
    lane.execute(() -> lost("lost: " + failure));
  }
}
