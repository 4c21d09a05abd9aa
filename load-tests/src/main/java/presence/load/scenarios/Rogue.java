package presence.load.scenarios;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import presence.load.Frames;
import presence.load.Swarm;
import presence.load.Wording;
import presence.protocol.ClientMessage;
import presence.protocol.ServerMessage;

/// A client that says nothing by itself, not even an answer to a ping, and whatever it is told to,
/// be it a message or not.
final class Rogue implements Swarm.Client {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Swarm swarm;
  private final Wording wording = new Wording();
  private final CompletableFuture<Swarm.Socket> socket = new CompletableFuture<>();
  private final CompletableFuture<Integer> closed = new CompletableFuture<>();
  private final LinkedBlockingQueue<ServerMessage> heard = new LinkedBlockingQueue<>();

  private Rogue(Swarm swarm) {
    this.swarm = swarm;
  }

  /// One with an open socket.
  static Rogue comes(Swarm swarm) {
    Rogue rogue = asks(swarm);
    await(rogue.socket, "a socket", PATIENCE);
    return rogue;
  }

  /// One that asks for a socket.
  private static Rogue asks(Swarm swarm) {
    Rogue rogue = new Rogue(swarm);
    swarm.run(() -> swarm.open(rogue));
    return rogue;
  }

  /// Says hello and waits for the welcome.
  ///
  /// @param token of a person; absent = anonymous
  ServerMessage.Welcome hello(@Nullable String token) {
    return hello(token, null);
  }

  /// The same, to go on with the session of a resume token.
  ServerMessage.Welcome hello(@Nullable String token, ClientMessage.@Nullable Resume resume) {
    says(new ClientMessage.Hello(1, token, null, resume, null, null, null, null, null));
    return hears(ServerMessage.Welcome.class);
  }

  void says(ClientMessage message) {
    says(wording.write(message));
  }

  void says(String frame) {
    onSocket(it -> it.send(frame));
  }

  void saysBytes(byte[] frame) {
    onSocket(it -> it.sendBinary(frame));
  }

  /// Loses its socket as if the network had.
  void cut() {
    onSocket(Swarm.Socket::cut);
  }

  private void onSocket(java.util.function.Consumer<Swarm.Socket> what) {
    Swarm.Socket open = await(socket, "a socket", PATIENCE);
    swarm.run(() -> what.accept(open));
  }

  /// Waits for the next message of a kind; what comes before it is let go.
  <T extends ServerMessage> T hears(Class<T> kind) {
    return kind.cast(next(kind::isInstance, kind.getSimpleName()));
  }

  /// Waits for the next message that is one of these.
  ServerMessage next(Predicate<ServerMessage> wanted, String what) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    try {
      while (true) {
        ServerMessage message = heard.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
        if (message == null) {
          throw new Broken("nobody was told " + what + (closed.isDone() ? ": it is closed" : ""));
        } else if (wanted.test(message)) {
          return message;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /// Waits until its socket is closed; returns the code.
  int closeCode(Duration within) {
    return await(closed, "a close", within);
  }

  boolean isClosed() {
    return closed.isDone();
  }

  private static <T> T await(CompletableFuture<T> what, String name, Duration within) {
    try {
      return what.get(within.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new Broken("nobody was given %s within %d s".formatted(name, within.toSeconds()));
    } catch (ExecutionException e) {
      throw new Broken(String.valueOf(e.getCause()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  @Override
  public void opened(Swarm.Socket opened) {
    socket.complete(opened);
  }

  @Override
  public void received(Frames.Frame frame) {
    heard.addAll(wording.readOnce(frame.payload()));
  }

  @Override
  public void closed(int code) {
    socket.completeExceptionally(new Broken("no socket: closed " + code));
    closed.complete(code);
  }
}
