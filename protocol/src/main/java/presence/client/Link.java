package presence.client;

import java.net.URI;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import presence.protocol.ClientMessage;
import presence.protocol.InvalidMessage;
import presence.protocol.ServerMessage;

/// The edge of one client's dialogue: its lane, its timer and one socket after the other.
final class Link implements Edge, Socket.Owner {
  private final Supplier<URI> uri;
  private final ClientRuntime runtime;
  private final PresenceListener listener;
  private final Lane lane;
  private final Dialogue dialogue;

  // only touched on the lane
  private @Nullable Socket socket;
  private @Nullable DatagramLink datagrams;
  private int ways; // for datagrams, so far; what comes by an earlier one is void
  private boolean reading = true;
  private int frameBytesMax = Outbox.FRAME_BYTES;

  Link(ClientOptions options, ClientRuntime runtime, PresenceListener listener) {
    this.uri = options.socket();
    this.runtime = runtime;
    this.listener = listener;
    this.lane = new Lane(runtime.workers(), this::flush);
    this.dialogue = new Dialogue(options, runtime.random(), this, listener);
  }

  /// Does something with the dialogue, in turn.
  void run(Consumer<Dialogue> task) {
    lane.execute(() -> task.accept(dialogue));
  }

  void read(boolean wanted) {
    lane.execute(() -> {
      reading = wanted;
      dialogue.paused(!wanted);
      if (socket != null) {
        socket.read(wanted);
      }
    });
  }

  /// Sends a frame as it is, if there is a socket.
  void send(String frame) {
    lane.execute(() -> {
      if (socket != null) {
        socket.outbox().addFrame(frame);
      }
    });
  }

  private void flush() {
    if (socket != null) {
      socket.flush();
    }
  }

  @Override
  public void open() {
    drop();
    socket = new Socket(lane, this, reading);
    socket.open(runtime, uri);
  }

  @Override
  public void drop() {
    closeDatagrams();
    if (socket != null) {
      socket.drop();
      socket = null;
    }
  }

  @Override
  public void say(ClientMessage message) {
    if (socket != null) {
      socket.outbox().add(runtime.codec().encode(message));
    }
  }

  @Override
  public void datagrams(ServerMessage.Udp offered) {
    closeDatagrams();
    int way = ways;
    try {
      datagrams =
          DatagramLink.open(
              offered,
              moved -> lane.execute(() -> onDatagram(way, moved)),
              move -> lane.execute(() -> bySocket(way, move)),
              runtime);
    } catch (IllegalArgumentException e) {
      // no ticket of ours: the socket serves
    }
  }

  private void onDatagram(int way, ServerMessage.Moved moved) {
    if (way == ways) {
      dialogue.moved(moved, true);
    }
  }

  private void bySocket(int way, ClientMessage.Stride move) {
    if (way == ways) {
      dialogue.moveBySocket(move);
    }
  }

  private void closeDatagrams() {
    ways++;
    if (datagrams != null) {
      datagrams.close();
      datagrams = null;
    }
  }

  @Override
  public void move(ClientMessage.Stride move) {
    if (datagrams == null) {
      say(move);
    } else {
      datagrams.move(move);
    }
  }

  @Override
  public boolean fits(ClientMessage message) {
    return Outbox.bytes(runtime.codec().encode(message)) <= frameBytesMax;
  }

  @Override
  public void limit(int frameBytes) {
    frameBytesMax = frameBytes;
    if (socket != null) {
      socket.outbox().limit(frameBytes);
    }
  }

  @Override
  public void probe() {
    if (socket != null) {
      socket.ping();
    }
  }

  @Override
  public void fetch(
      Supplier<CompletionStage<String>> source,
      BiConsumer<@Nullable String, @Nullable Throwable> then) {
    runtime
        .workers()
        .execute(() -> {
          try {
            var _ =
                source
                    .get()
                    .whenComplete((token, why) -> lane.execute(() -> then.accept(token, why)));
          } catch (RuntimeException e) {
            lane.execute(() -> then.accept(null, e));
          }
        });
  }

  @Override
  public void after(long ms, Runnable then) {
    var _ = runtime.timer().schedule(() -> lane.execute(then), ms, TimeUnit.MILLISECONDS);
  }

  @Override
  public long now() {
    return runtime.clock().millis();
  }

  @Override
  public void opened(Socket opened) {
    if (opened == socket) {
      dialogue.opened();
    }
  }

  @Override
  public void frame(Socket from, String text) {
    if (from != socket) {
      return;
    }
    dialogue.alive();
    listener.frame(text);
    for (ServerMessage message : messages(text)) {
      if (from == socket) { // an earlier one may have dropped it
        dialogue.heard(message);
      }
    }
  }

  private List<ServerMessage> messages(String text) {
    try {
      return runtime.codec().decodeServerFrame(text);
    } catch (InvalidMessage why) {
      listener.unreadable(why);
      return List.of();
    }
  }

  @Override
  public void alive(Socket from) {
    if (from == socket) {
      dialogue.alive();
    }
  }

  @Override
  public void closed(Socket closed, int code, String reason) {
    if (closed == socket) {
      closeDatagrams();
      socket = null;
      dialogue.closed(code, reason);
    }
  }
}
