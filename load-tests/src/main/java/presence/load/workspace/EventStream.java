package presence.load.workspace;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// One stream of server-sent events on a socket of its own: its client decides how it ends, and
/// nothing is pooled or tried again behind its back.
final class EventStream implements AutoCloseable {
  /// Told of every event, on the stream's thread.
  interface Listener {
    /// One event; its id is empty if it has none.
    void told(String type, String id, String data);
  }

  private static final int PATIENCE_MS = 30_000;

  private final Socket socket;
  private final InputStream in;
  private final Listener listener;
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private long bytes;

  private EventStream(Socket socket, Listener listener) throws IOException {
    this.socket = socket;
    this.in = new BufferedInputStream(socket.getInputStream());
    this.listener = listener;
  }

  /// Opens it and waits for the head of the answer: the client is attached.
  ///
  /// @param since the id of the last event it has; absent = none
  /// @throws IllegalStateException when it is refused
  static EventStream open(
      URI node, String workspace, String client, @Nullable String since, Listener listener) {
    String request =
        "GET /v1/workspaces/%s/events?client_id=%s HTTP/1.1\r\nHost: %s\r\n%s\r\n"
            .formatted(
                workspace,
                client,
                node.getAuthority(),
                since == null ? "" : "Last-Event-ID: " + since + "\r\n");
    try {
      Socket socket = new Socket(node.getHost(), node.getPort());
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(PATIENCE_MS);
      EventStream stream = new EventStream(socket, listener);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      stream.readHead();
      Thread.ofVirtual().name("events").start(stream::read);
      return stream;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void readHead() throws IOException {
    String status = line();
    String rest = status;
    while (!rest.isEmpty()) {
      rest = line();
    }
    if (!status.startsWith("HTTP/1.1 200 ")) {
      socket.close();
      throw new IllegalStateException("no stream: " + status);
    }
  }

  private void read() {
    try {
      StringBuilder events = new StringBuilder();
      for (int size = chunk(); size > 0; size = chunk()) {
        events.append(new String(in.readNBytes(size), StandardCharsets.UTF_8));
        bytes += size;
        line();
        take(events);
      }
    } catch (IOException e) {
      // ended by either side without a word
    } finally {
      close();
      ended.complete(null);
    }
  }

  private int chunk() throws IOException {
    return Integer.parseInt(line(), 16);
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new EOFException();
      }
      if (next != '\r') {
        line.append((char) next);
      }
    }
    return line.toString();
  }

  /// Takes the events that are whole.
  private void take(StringBuilder events) {
    for (int end = events.indexOf("\n\n"); end >= 0; end = events.indexOf("\n\n")) {
      String type = "";
      String id = "";
      String data = "";
      for (String line : events.substring(0, end).lines().toList()) {
        if (line.startsWith("event: ")) {
          type = line.substring("event: ".length());
        } else if (line.startsWith("id: ")) {
          id = line.substring("id: ".length());
        } else if (line.startsWith("data: ")) {
          data = line.substring("data: ".length());
        }
      }
      events.delete(0, end + 2);
      if (!type.isEmpty()) {
        listener.told(type, id, data);
      }
    }
  }

  /// Done when no more will come.
  CompletableFuture<Void> ended() {
    return ended;
  }

  /// What it has read, as far as it is known on this thread.
  long bytes() {
    return bytes;
  }

  /// Ends it as the kernel does for a process that was killed: with a reset.
  void kill() {
    try {
      socket.setSoLinger(true, 0);
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Ends it as a program does that has read enough.
  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
