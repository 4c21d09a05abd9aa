package presence.load.bench;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import presence.gateway.ws.frame.FrameDecoder;
import presence.gateway.ws.frame.FrameEncoder;
import presence.gateway.ws.frame.Inbound;

/// Reading a client's frames, once each; writing a frame to the buffer of one socket; and
/// compressing one for all sockets.
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class FrameBenchmark {
  private static final int MESSAGE_BYTES_MAX = 65_536;
  private static final int MASK = 0x37FA213D;
  private static final int TEXT = 0x81;
  private static final int PING = 0x89;

  /// A text of so many bytes, ASCII, as a client and as a server sends it.
  @State(Scope.Benchmark)
  public static class Text {
    @Param({"10", "100", "1000", "60000"})
    public int bytes;

    private final FrameDecoder decoder = new FrameDecoder(MESSAGE_BYTES_MAX, false);
    private final ByteBuffer socket = ByteBuffer.allocateDirect(2 * MESSAGE_BYTES_MAX);
    private ByteBuffer masked = ByteBuffer.allocate(0);
    private ByteString utf8 = ByteString.emptyByteString();
    private ByteString shared = ByteString.emptyByteString();

    @Setup
    public void make() {
      byte[] payload = "x".repeat(bytes).getBytes(StandardCharsets.UTF_8);
      utf8 = ByteString.fromArray(payload);
      shared = FrameEncoder.text(utf8).compact();
      masked = frame(TEXT, payload);
    }
  }

  /// A ping with a payload of eight bytes.
  @State(Scope.Benchmark)
  public static class Ping {
    private final FrameDecoder decoder = new FrameDecoder(MESSAGE_BYTES_MAX, false);
    private final ByteBuffer masked = frame(PING, new byte[Long.BYTES]);
  }

  /// A list of so many people, whose handles are like no other.
  @State(Scope.Benchmark)
  public static class People {
    @Param({"20", "1000"})
    public int people;

    private ByteString utf8 = ByteString.emptyByteString();

    @Setup
    public void make() {
      Random random = new Random(people);
      utf8 =
          ByteString.fromString(
              IntStream.range(0, people)
                  .mapToObj(_ -> Long.toString(random.nextLong(1L << 50), 36))
                  .map("{\"id\":\"@%1$s\",\"handle\":\"%1$s\"}"::formatted)
                  .collect(Collectors.joining(",", "[", "]")));
    }

    @TearDown
    public void print() {
      int compressed = FrameEncoder.compressedText(utf8).size();
      System.out.printf("%,d bytes are %,d compressed%n", utf8.size(), compressed);
    }
  }

  private static ByteBuffer frame(int first, byte[] payload) {
    ByteBuffer frame = ByteBuffer.allocate(payload.length + 14).put((byte) first);
    if (payload.length < 126) {
      frame.put((byte) (0x80 | payload.length));
    } else {
      frame.put((byte) (0x80 | 126)).putShort((short) payload.length);
    }
    frame.putInt(MASK);
    for (int i = 0; i < payload.length; i++) {
      frame.put((byte) (payload[i] ^ (MASK >>> (24 - 8 * (i % 4)))));
    }
    return frame.flip();
  }

  @Benchmark
  public @Nullable Inbound decodeText(Text text) {
    return text.decoder.next(text.masked.rewind());
  }

  @Benchmark
  public @Nullable Inbound decodePing(Ping ping) {
    return ping.decoder.next(ping.masked.rewind());
  }

  /// With a header of its own.
  @Benchmark
  public int writeNew(Text text) {
    return FrameEncoder.text(text.utf8).copyToBuffer(text.socket.clear());
  }

  @Benchmark
  public ByteString compress(People text) {
    return FrameEncoder.compressedText(text.utf8);
  }

  /// As the very bytes that other sockets get too.
  @Benchmark
  public int writeShared(Text text) {
    return text.shared.copyToBuffer(text.socket.clear());
  }
}
