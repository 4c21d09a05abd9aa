package presence.load.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
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
import org.openjdk.jmh.annotations.Warmup;
import presence.protocol.Codec;
import presence.protocol.Counts;
import presence.protocol.Member;
import presence.protocol.ServerMessage;

/// Reading what clients say, once per frame; and writing what they are told, once per change and
/// node.
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class CodecBenchmark {
  private static final int FRAME_BYTES_MAX = 65_536;
  private static final int DEPTH_MAX = 32;
  private static final int TEXT_BYTES = 100;

  /// A client's frame, as the golden file of its type shows it, without the white space.
  @State(Scope.Benchmark)
  public static class Frame {
    @Param({
      "hello",
      "location",
      "chat-join",
      "chat-leave",
      "chat-message",
      "dm-send",
      "dm-ack",
      "world-move",
      "pong"
    })
    public String type = "";

    private final Codec codec = new Codec(FRAME_BYTES_MAX, DEPTH_MAX);
    private String text = "";

    @Setup
    public void read() throws IOException {
      String file = "/presence/golden/client/" + type + ".json";
      try (InputStream golden = Objects.requireNonNull(Codec.class.getResourceAsStream(file))) {
        String shown = new String(golden.readAllBytes(), StandardCharsets.UTF_8);
        if (codec.decodeFrame(shown).getFirst() instanceof Codec.Element.Message message) {
          text = codec.encode(message.message());
        } else {
          throw new IllegalStateException(file + " is no message");
        }
      }
    }
  }

  /// A change of an instance's sets in which so many persons came.
  @State(Scope.Benchmark)
  public static class Change {
    @Param({"1", "10", "100"})
    public int joined;

    private final Codec codec = new Codec(FRAME_BYTES_MAX, DEPTH_MAX);
    private ServerMessage.Delta delta = delta(0);

    @Setup
    public void make() {
      delta = delta(joined);
    }

    private static ServerMessage.Delta delta(int joined) {
      List<Member> members = IntStream.range(0, joined).mapToObj(Change::member).toList();
      return new ServerMessage.Delta(
          "lobby",
          1_767_225_600_000L,
          41,
          42,
          members,
          List.of(),
          members.stream().map(Member::id).toList(),
          List.of(),
          List.of(),
          new Counts(joined, joined, joined, 0),
          null);
    }

    private static Member member(int number) {
      String handle = "@guest-" + number;
      return new Member(handle, handle, "Guest " + number);
    }
  }

  /// A chat message of 100 bytes.
  @State(Scope.Benchmark)
  public static class Message {
    private final Codec codec = new Codec(FRAME_BYTES_MAX, DEPTH_MAX);
    private final ServerMessage.Said said =
        new ServerMessage.Said(
            "lobby",
            1_767_225_600_000L,
            42,
            "mjuzgphc-16",
            new Member("@ann", "@ann", "Ann"),
            "x".repeat(TEXT_BYTES),
            1_767_225_600_123L,
            null,
            null);
  }

  @Benchmark
  public List<Codec.Element> decode(Frame frame) {
    return frame.codec.decodeFrame(frame.text);
  }

  @Benchmark
  public String encodeDelta(Change change) {
    return change.codec.encode(change.delta);
  }

  @Benchmark
  public String encodeMessage(Message message) {
    return message.codec.encode(message.said);
  }
}
