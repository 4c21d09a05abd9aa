package presence.cases;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import presence.protocol.Codec;
import presence.protocol.ServerMessage;

/// A WebSocket without a client behind it: sends what a test wants, whatever the protocol says, and
/// answers nothing by itself.
final class RawSocket implements AutoCloseable {
  /// The connection ended without a close frame.
  static final int NO_CODE = 1006;

  private static final int TEXT = 1;
  private static final int BINARY = 2;
  private static final int CLOSE = 8;

  /// The bit of a frame that an extension for compression sets.
  private static final int COMPRESSED = 0x40;

  private final Socket socket = new Socket();

  private record Listening(String part, CompletableFuture<Boolean> heard) {}

  private static final Codec CODEC = new Codec(16 << 20, 32);

  private final List<String> frames = new CopyOnWriteArrayList<>();
  private final Transcript transcript = new Transcript("a raw socket");
  private final CompletableFuture<Integer> ended = new CompletableFuture<>();
  private final boolean deaf;
  private volatile @Nullable Listening listening;
  private final OutputStream out;
  private final String status;
  private final List<String> answerHeaders = new ArrayList<>();

  /// Opens a socket and shakes hands; further headers as `Name: value`.
  ///
  /// @param deaf whether it keeps nothing of what it is sent
  RawSocket(URI url, boolean deaf, String... headers) {
    this.deaf = deaf;
    try {
      socket.setTcpNoDelay(true);
      socket.connect(new InetSocketAddress(url.getHost(), url.getPort()), 10_000);
      out = socket.getOutputStream();
      String more = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
      String head =
          """
          GET /ws HTTP/1.1\r
          Host: %s\r
          Upgrade: websocket\r
          Connection: Upgrade\r
          Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
          Sec-WebSocket-Version: 13\r
          %s\r
          """
              .formatted(url.getAuthority(), more);
      out.write(head.getBytes(StandardCharsets.US_ASCII));
      out.flush();
      DataInputStream in = new DataInputStream(socket.getInputStream());
      status = line(in);
      for (String header = line(in); !header.isEmpty(); header = line(in)) {
        answerHeaders.add(header);
      }
      Thread.ofVirtual().start(() -> read(in));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String line(DataInputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int octet = in.read(); octet != '\n' && octet >= 0; octet = in.read()) {
      line.write(octet);
    }
    return line.toString(StandardCharsets.US_ASCII).strip();
  }

  private void read(DataInputStream in) {
    int code = NO_CODE;
    try {
      while (true) {
        int opcode = in.readUnsignedByte() & 0x0F;
        byte[] payload = new byte[length(in)];
        in.readFully(payload);
        if (opcode == TEXT) {
          keep(new String(payload, StandardCharsets.UTF_8));
        } else if (opcode == CLOSE && payload.length >= 2) {
          code = ByteBuffer.wrap(payload).getShort() & 0xFFFF;
          ended.complete(code);
        }
      }
    } catch (IOException e) {
      ended.complete(code);
    }
  }

  private void keep(String frame) {
    Listening now = listening;
    if (now != null && frame.contains(now.part())) {
      now.heard().complete(true);
    }
    if (!deaf) {
      frames.add(frame);
      CODEC.decodeServerFrame(frame).forEach(message -> transcript.add(frame, message));
    }
  }

  private static int length(DataInputStream in) throws IOException {
    int length = in.readUnsignedByte();
    return switch (length) {
      case 126 -> in.readUnsignedShort();
      case 127 -> Math.toIntExact(in.readLong());
      default -> length;
    };
  }

  /// The status line of the answer to the handshake.
  String status() {
    return status;
  }

  /// The headers of that answer.
  List<String> answerHeaders() {
    return answerHeaders;
  }

  /// The text frames that came so far.
  List<String> frames() {
    return frames;
  }

  /// Says this, and waits for a frame that contains the other; false if the server ends the
  /// connection instead.
  boolean saysAndHears(String text, String part) {
    CompletableFuture<Boolean> heard = new CompletableFuture<>();
    listening = new Listening(part, heard);
    var _ = ended.thenAccept(code -> heard.complete(false));
    says(text);
    try {
      return heard.get(Transcript.PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError("no answer to " + text, e);
    }
  }

  /// How many messages of this type came so far.
  long count(Class<? extends ServerMessage> type) {
    return transcript.since(0).stream().filter(heard -> type.isInstance(heard.message())).count();
  }

  /// Waits for the first message of this type.
  <M extends ServerMessage> M hears(Class<M> type) {
    return hears(type, message -> true);
  }

  <M extends ServerMessage> M hears(Class<M> type, Predicate<M> which) {
    return transcript.await(
        0,
        type.getSimpleName(),
        heard ->
            type.isInstance(heard.message()) && which.test(type.cast(heard.message()))
                ? type.cast(heard.message())
                : null);
  }

  RawSocket says(String text) {
    return send(TEXT, text.getBytes(StandardCharsets.UTF_8));
  }

  RawSocket saysBinary(byte[] bytes) {
    return send(BINARY, bytes);
  }

  RawSocket saysCompressed(byte[] bytes) {
    return send(COMPRESSED | TEXT, bytes);
  }

  private RawSocket send(int opcode, byte[] payload) {
    ByteBuffer frame = ByteBuffer.allocate(payload.length + 14);
    frame.put((byte) (0x80 | opcode));
    if (payload.length < 126) {
      frame.put((byte) (0x80 | payload.length));
    } else if (payload.length < 1 << 16) {
      frame.put((byte) (0x80 | 126)).putShort((short) payload.length);
    } else {
      frame.put((byte) (0x80 | 127)).putLong(payload.length);
    }
    frame.putInt(0).put(payload); // masked with zeros
    try {
      synchronized (out) {
        out.write(frame.array(), 0, frame.position());
        out.flush();
      }
    } catch (IOException e) {
      // the server has closed: what it said of it is in closeCode
    }
    return this;
  }

  boolean isOpen() {
    return !ended.isDone();
  }

  /// Waits until the server closes the connection and returns why.
  int closeCode() {
    try {
      return ended.get(20, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError("the server did not close; it said " + frames, e);
    }
  }

  /// Cuts the connection: the server gets a reset instead of a close.
  void cut() {
    try {
      socket.setSoLinger(true, 0);
      socket.close();
    } catch (IOException e) {
      // it is closed already
    }
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      // it is closed already
    }
  }
}
