package presence.client;

import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import presence.protocol.ClientMessage;
import presence.protocol.ServerMessage;

/// What a [Dialogue] can do to the world. All of it returns at once; what comes of it is told to
/// the dialogue later, in turn.
interface Edge {
  /// Opens a socket, in place of the one before.
  void open();

  /// Drops the socket, if there is one; nothing of it is heard any more.
  void drop();

  /// Says something on the open socket, behind what was said before.
  void say(ClientMessage message);

  /// Opens the way for datagrams that the server offers beside this socket, as long as that lives.
  void datagrams(ServerMessage.Udp offered);

  /// Says where the client's avatar is, as a datagram while those come through.
  void move(ClientMessage.Stride move);

  /// Whether a frame can hold this message at all.
  boolean fits(ClientMessage message);

  /// The server reads no longer frames than this, in bytes.
  void limit(int frameBytes);

  /// Sends a WebSocket ping; its pong counts as being heard.
  void probe();

  /// Fetches a token and hands over it or the failure.
  void fetch(
      Supplier<CompletionStage<String>> source,
      BiConsumer<@Nullable String, @Nullable Throwable> then);

  /// Runs this after a while.
  void after(long ms, Runnable then);

  /// Milliseconds on a clock that goes on.
  long now();
}
