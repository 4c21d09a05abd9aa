package presence.client;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import presence.protocol.ClientMessage;
import presence.protocol.Codec;
import presence.protocol.ServerMessage;

/// A WebSocket server of a hundred lines that does what a test tells it, on one socket at a time.
final class TinyServer implements AutoCloseable {
  static final Codec CODEC = new Codec(1 << 20, 32);
  private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  private static final int PATIENCE_SECONDS = 20;
  private static final int CONTINUATION = 0;
  private static final int TEXT = 1;
  private static final int CLOSE = 8;
  private static final int PING = 9;
  private static final int PONG = 10;
  private static final int FIN = 0x80;

  private final ServerSocket listening;
  private final BlockingQueue<Connection> connections = new LinkedBlockingQueue<>();

  TinyServer() throws IOException {
    listening = new ServerSocket(0, 1_000, InetAddress.getLoopbackAddress());
    Thread.startVirtualThread(this::accept);
  }

  URI uri() {
    return URI.create("ws://127.0.0.1:" + listening.getLocalPort() + "/ws");
  }

  private void accept() {
    while (!listening.isClosed()) {
      try {
        Socket socket = listening.accept();
        socket.setTcpNoDelay(true);
        Connection connection = new Connection(socket);
        Thread.startVirtualThread(connection::run);
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  /// The next client that has connected.
  Connection next() throws InterruptedException {
    return Objects.requireNonNull(
        connections.poll(PATIENCE_SECONDS, TimeUnit.SECONDS), "nobody connected");
  }

  @Override
  public void close() throws IOException {
    listening.close();
  }

  /// One client. What it sends is queued; what happens to its socket is seen as the end of the
  /// queue.
  final class Connection {
    private static final String END = "(the socket is closed)";
    private final Socket socket;
    private final ByteArrayOutputStream partial = new ByteArrayOutputStream();
    private final BlockingQueue<String> frames = new LinkedBlockingQueue<>();
    final List<String> request = new ArrayList<>();

    Connection(Socket socket) {
      this.socket = socket;
    }

    private void run() {
      try (socket) {
        DataInputStream in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
        shakeHands(in);
        connections.add(this);
        for (String frame = read(in); frame != null; frame = read(in)) {
          frames.add(frame);
        }
      } catch (IOException e) {
        // the client went without a word
      } finally {
        frames.add(END);
      }
    }

    private void shakeHands(DataInputStream in) throws IOException {
      String key = "";
      for (String line = line(in); !line.isEmpty(); line = line(in)) {
        request.add(line);
        key = line.startsWith("Sec-WebSocket-Key: ") ? line.substring(19) : key;
      }
      String answer =
          "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
              + "Sec-WebSocket-Protocol: presence.v1\r\nSec-WebSocket-Accept: "
              + accepted(key)
              + "\r\n\r\n";
      socket.getOutputStream().write(answer.getBytes(ISO_8859_1));
    }

    private static String line(DataInputStream in) throws IOException {
      StringBuilder line = new StringBuilder();
      for (int c = in.readByte(); c != '\n'; c = in.readByte()) {
        line.append((char) c);
      }
      return line.toString().trim();
    }

    private static String accepted(String key) {
      try {
        MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
        return Base64.getEncoder().encodeToString(sha1.digest((key + GUID).getBytes(ISO_8859_1)));
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException(e);
      }
    }

    private @Nullable String read(DataInputStream in) throws IOException {
      int head = in.readUnsignedByte();
      byte[] payload = payload(in);
      return switch (head & 0xf) {
        case CONTINUATION, TEXT -> {
          partial.writeBytes(payload);
          if ((head & FIN) == 0) { // the JDK's client sends long texts in parts
            yield read(in);
          }
          String text = partial.toString(UTF_8);
          partial.reset();
          yield text;
        }
        case PING -> {
          write(FIN | PONG, payload);
          yield "(ping)";
        }
        default -> null;
      };
    }

    private static byte[] payload(DataInputStream in) throws IOException {
      int length = in.readUnsignedByte() & 0x7f;
      length =
          length == 126 ? in.readUnsignedShort() : length == 127 ? (int) in.readLong() : length;
      byte[] mask = in.readNBytes(4);
      byte[] payload = in.readNBytes(length);
      for (int i = 0; i < payload.length; i++) {
        payload[i] ^= mask[i & 3];
      }
      return payload;
    }

    /// The next frame of the client, as text.
    String frame() throws InterruptedException {
      String frame =
          Objects.requireNonNull(
              frames.poll(PATIENCE_SECONDS, TimeUnit.SECONDS), "the client says nothing");
      return frame;
    }

    /// The messages of the next frame.
    List<ClientMessage> messages() throws InterruptedException {
      return CODEC.decodeFrame(frame()).stream()
          .map(element -> ((Codec.Element.Message) element).message())
          .toList();
    }

    /// The next message, which must be alone in its frame.
    <T extends ClientMessage> T message(Class<T> type) throws InterruptedException {
      List<ClientMessage> messages = messages();
      assertThat(messages).hasSize(1).first().isInstanceOf(type);
      return type.cast(messages.getFirst());
    }

    void awaitEnd() throws InterruptedException {
      while (!frame().equals(END)) {}
    }

    /// Says all of it in one frame.
    void say(ServerMessage... messages) throws IOException {
      frame(Codec.frame(List.of(messages).stream().map(CODEC::encode).toList()));
    }

    void frame(String text) throws IOException {
      write(FIN | TEXT, text.getBytes(UTF_8));
    }

    /// Sends one text message as many WebSocket frames, one byte of text in each.
    void crumbs(String text) throws IOException {
      byte[] bytes = text.getBytes(UTF_8);
      for (int i = 0; i < bytes.length; i++) {
        int head = (i == 0 ? TEXT : 0) | (i == bytes.length - 1 ? FIN : 0);
        write(head, new byte[] {bytes[i]});
      }
    }

    void close(int code, String reason) throws IOException {
      byte[] words = reason.getBytes(UTF_8);
      write(
          FIN | CLOSE,
          ByteBuffer.allocate(2 + words.length).putShort((short) code).put(words).array());
    }

    /// Cuts the connection.
    void cut() throws IOException {
      socket.close();
    }

    private synchronized void write(int head, byte[] payload) throws IOException {
      ByteBuffer frame = ByteBuffer.allocate(10 + payload.length).put((byte) head);
      if (payload.length < 126) {
        frame.put((byte) payload.length);
      } else if (payload.length <= 0xffff) {
        frame.put((byte) 126).putShort((short) payload.length);
      } else {
        frame.put((byte) 127).putLong(payload.length);
      }
      OutputStream out = socket.getOutputStream();
      out.write(frame.put(payload).array(), 0, frame.position());
    }
  }
}
