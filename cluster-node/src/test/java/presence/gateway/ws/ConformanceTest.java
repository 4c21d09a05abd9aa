package presence.gateway.ws;

import static presence.gateway.ws.EchoTalk.closed;
import static presence.gateway.ws.EchoTalk.fragments;
import static presence.gateway.ws.EchoTalk.ponged;
import static presence.gateway.ws.EchoTalk.said;
import static presence.gateway.ws.frame.Frames.binary;
import static presence.gateway.ws.frame.Frames.close;
import static presence.gateway.ws.frame.Frames.end;
import static presence.gateway.ws.frame.Frames.frame;
import static presence.gateway.ws.frame.Frames.hex;
import static presence.gateway.ws.frame.Frames.join;
import static presence.gateway.ws.frame.Frames.more;
import static presence.gateway.ws.frame.Frames.ping;
import static presence.gateway.ws.frame.Frames.pong;
import static presence.gateway.ws.frame.Frames.text;
import static presence.gateway.ws.frame.Frames.textBegin;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import presence.gateway.ws.frame.Frames;
import presence.gateway.ws.frame.Rfc6455;

/// What a client gets of a real server that says back what it is told: the cases of the Autobahn
/// test suite, by its sections (1 to 7, 9 and 10; [CompressionTest] has the others).
@Timeout(60)
@ParameterizedClass
@EnumSource(TestServer.Way.class)
class ConformanceTest {
  private static final int LIMIT = TestServer.MESSAGE_BYTES_MAX;

  private static TestServer server;
  private static EchoTalk talk;

  @Parameter TestServer.Way way;

  @BeforeParameterizedClassInvocation
  static void start(TestServer.Way way) throws Exception {
    server = new TestServer(way, "", Duration.ofSeconds(10));
    talk = new EchoTalk(server);
  }

  @AfterParameterizedClassInvocation
  static void stop() {
    server.close();
  }

  @Nested
  class Section1Framing {
    @ParameterizedTest
    @ValueSource(ints = {0, 125, 126, 127, 128, 65535, 65536})
    void aTextOfAnyLengthIsReadAndWritten(int length) throws Exception {
      String text = "*".repeat(length);
      talk.assertAnswers(text(text), said(text));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 125, 126, 127, 128, 65535, 65536})
    void aBinaryMessageOfAnyLengthIsReadToItsEnd(int length) throws Exception {
      talk.assertAnswers(
          join(binary(new byte[length]), text("x")), said(TestServer.BINARY), said("x"));
    }

    @Test
    void aFrameOfAClientWithoutMaskFails() throws Exception {
      talk.assertFailsAfter(text("a"), said("a"), 1002, hex("8105 48656c6c6f"));
    }

    @Test
    void aLengthOf64BitsWithTheHighestSetFails() throws Exception {
      talk.assertFails(1002, hex("81ff 8000000000000000 00000000"));
    }
  }

  @Nested
  class Section2PingsAndPongs {
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 12, 125})
    void aPingIsAnsweredWithItsPayload(int length) throws Exception {
      talk.assertAnswers(ping("p".repeat(length)), ponged("p".repeat(length)));
    }

    @Test
    void aPingOfBytesThatAreNoTextIsAnsweredWithThem() throws Exception {
      byte[] bytes = hex("00fffefdfcfb00ff");
      talk.assertAnswers(frame(0x89, bytes), ponged(bytes));
    }

    @Test
    void aPingOfMoreThan125BytesFails() throws Exception {
      talk.assertFails(1002, ping("p".repeat(126)));
    }

    @Test
    void aPongNobodyAskedForIsNotAnswered() throws Exception {
      talk.assertAnswers(join(pong(""), pong("unasked"), ping("asked")), ponged("asked"));
    }

    @Test
    void tenPingsAtOnceAreAnsweredInTheirOrder() throws Exception {
      byte[][] pings = new byte[10][];
      RawClient.Frame[] pongs = new RawClient.Frame[10];
      for (int i = 0; i < pings.length; i++) {
        pings[i] = ping("payload-" + i);
        pongs[i] = ponged("payload-" + i);
      }
      talk.assertAnswers(join(pings), pongs);
    }
  }

  @Nested
  class Section3ReservedBits {
    @ParameterizedTest
    @ValueSource(ints = {0x10, 0x20, 0x30, 0x40, 0x50, 0x60, 0x70})
    void fail(int bits) throws Exception {
      byte[] payload = "reserved".getBytes(StandardCharsets.UTF_8);
      talk.assertFails(1002, frame(0x81 | bits, payload));
      talk.assertFailsAfter(
          text("a"), said("a"), 1002, join(frame(0x81 | bits, payload), ping("")));
      talk.assertFails(1002, frame(0x82 | bits, payload));
      talk.assertFails(1002, frame(0x88 | bits, new byte[0]));
      talk.assertFails(1002, frame(0x89 | bits, payload));
    }
  }

  @Nested
  class Section4Opcodes {
    @ParameterizedTest
    @ValueSource(ints = {0x3, 0x4, 0x5, 0x6, 0x7, 0xB, 0xC, 0xD, 0xE, 0xF})
    void thatAreReservedFail(int opcode) throws Exception {
      talk.assertFails(1002, frame(0x80 | opcode, new byte[0]));
      talk.assertFails(1002, frame(0x80 | opcode, new byte[9]));
      talk.assertFailsAfter(
          text("a"), said("a"), 1002, join(frame(0x80 | opcode, new byte[9]), ping("")));
    }
  }

  @Nested
  class Section5Fragments {
    @ParameterizedTest
    @ValueSource(ints = {0x08, 0x09, 0x0A})
    void ofAControlFrameFail(int opcode) throws Exception {
      talk.assertFails(1002, join(frame(opcode, new byte[2]), end("x")));
    }

    @Test
    void ofATextAreOneMessage() throws Exception {
      talk.assertAnswers(
          join(textBegin("fragment1"), end("fragment2")), said("fragment1fragment2"));
    }

    @Test
    void ofABinaryMessageAreOne() throws Exception {
      talk.assertAnswers(join(frame(0x02, new byte[9]), end("x")), said(TestServer.BINARY));
    }

    @Test
    void letPingsThroughBeforeTheMessageIsWhole() throws Exception {
      talk.assertAnswers(
          join(textBegin("a"), ping("1"), more("b"), ping("2"), end("c")),
          ponged("1"),
          ponged("2"),
          said("abc"));
    }

    @ParameterizedTest
    @ValueSource(ints = {0x00, 0x80})
    void ofNothingFail(int first) throws Exception {
      byte[] stray = frame(first, "stray".getBytes(StandardCharsets.UTF_8));
      talk.assertFails(1002, join(stray, text("late")));
      talk.assertFailsAfter(text("whole"), said("whole"), 1002, join(stray, text("late")));
      talk.assertFailsAfter(
          join(textBegin("a"), end("b")), said("ab"), 1002, join(stray, text("late"), stray));
    }

    @ParameterizedTest
    @ValueSource(ints = {0x01, 0x81, 0x02, 0x82})
    void withAnotherMessageBetweenThemFail(int first) throws Exception {
      talk.assertFails(1002, join(textBegin("a"), frame(first, new byte[1])));
    }
  }

  @Nested
  class Section6Utf8 {
    @ParameterizedTest
    @ValueSource(
        strings = {
          "",
          "Hello-µ@ßöäüàá-UTF-8!!",
          "κόσμε",
          "\u0000\u007F\u0080\u07FF\u0800\uFFFD\uFFFE\uFFFF",
          "\uD7FF\uE000\uD800\uDC00\uDBFF\uDFFF"
        })
    void comesBackAsItWasWhereverItIsCut(String text) throws Exception {
      byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
      talk.assertAnswers(frame(0x81, utf8), said(text));
      if (utf8.length > 0) {
        talk.assertAnswers(fragments(text, 1), said(text));
      }
    }

    @Test
    void mayComeInFragmentsOfNothing() throws Exception {
      talk.assertAnswers(join(textBegin(""), more(""), end("")), said(""));
      talk.assertAnswers(join(textBegin(""), more("middle"), end("")), said("middle"));
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "cebae1bdb9cf83cebcceb5eda080656469746564",
          "cebae1bdb9cf83cebcceb5f4908080656469746564",
          "80",
          "c0af",
          "e080af",
          "f08080af",
          "f888808080",
          "edadbfedb080",
          "fe",
          "ff",
          "cebae1bdb9cf83cebcceb5f0"
        })
    void thatIsNoneFails(String invalid) throws Exception {
      byte[] bytes = hex(invalid);
      int half = bytes.length / 2;
      talk.assertFails(1007, frame(0x81, bytes));
      talk.assertFails(
          1007,
          join(
              frame(0x01, Arrays.copyOf(bytes, half)),
              frame(0x80, Arrays.copyOfRange(bytes, half, bytes.length))));
    }

    @Test
    void failsAtTheFirstWrongByteThoughFrameAndMessageGoOn() throws Exception {
      byte[] frame = frame(0x01, hex("cebae1bdb9cf83cebcceb5f49080806564"));
      int upToTheWrongByte = frame.length - 4;
      talk.assertFails(1007, Arrays.copyOf(frame, upToTheWrongByte));
    }
  }

  @Nested
  class Section7Closing {
    @Test
    void isAnsweredOnceAndNothingAfterIt() throws Exception {
      talk.assertEnds(join(close(1000, ""), close(1000, "")), closed(1000));
      talk.assertEnds(join(close(1000, ""), ping("")), closed(1000));
      talk.assertEnds(join(close(1000, ""), text("late")), closed(1000));
    }

    @Test
    void endsAMessageThatIsIncomplete() throws Exception {
      talk.assertEnds(join(textBegin("a"), close(1000, ""), end("b")), closed(1000));
    }

    @Test
    void withoutACodeIsAnsweredWithoutOne() throws Exception {
      talk.assertEnds(close(), new RawClient.Frame(true, Rfc6455.CLOSE, ""));
    }

    @ParameterizedTest
    @ValueSource(
        ints = {1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999})
    void withACodeThatIsOneIsAnsweredWithIt(int code) throws Exception {
      talk.assertEnds(close(code, ""), closed(code));
      talk.assertEnds(close(code, "*".repeat(123)), closed(code));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535})
    void withACodeThatIsNoneFails(int code) throws Exception {
      talk.assertFails(1002, close(code, ""));
    }

    @Test
    void withOneByteFails() throws Exception {
      talk.assertFails(1002, frame(0x88, new byte[1]));
    }

    @Test
    void withMoreThan125BytesFails() throws Exception {
      talk.assertFails(1002, close(1000, "*".repeat(124)));
    }

    @Test
    void withAReasonThatIsNoTextFails() throws Exception {
      talk.assertFails(1007, frame(0x88, hex("03e8 cebae1bdb9cf83cebcceb5eda080656469746564")));
    }
  }

  @Nested
  class Section9And10LimitsAndLoad {
    @ParameterizedTest
    @ValueSource(ints = {64, 256, 1_024, 1_300, 4_096, 16_384, 65_536})
    void theLargestMessageComesBackFromFragmentsOfAnySize(int fragmentBytes) throws Exception {
      String text = "0123456789abcde✓".repeat(LIMIT / 18);
      talk.assertAnswers(fragments(text, fragmentBytes), said(text));
    }

    @ParameterizedTest
    @ValueSource(ints = {64, 128, 256, 512, 1_024, 2_048})
    void theLargestMessageComesBackFromWritesOfAnySize(int pieceBytes) throws Exception {
      String text = "*".repeat(LIMIT);
      talk.assertAnswersInPieces(text(text), pieceBytes, said(text));
    }

    @Test
    void oneByteMoreFailsWholeOrInFragments() throws Exception {
      String tooMuch = "*".repeat(LIMIT + 1);
      talk.assertFails(1009, text(tooMuch));
      talk.assertFails(1009, fragments(tooMuch, 4_096));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 16, 64, 256, 1_024})
    void aThousandMessagesAtOnceComeBackInTheirOrder(int length) throws Exception {
      String[] texts =
          IntStream.range(0, 1_000)
              .mapToObj(each -> each + "*".repeat(length))
              .toArray(String[]::new);
      byte[][] frames = Arrays.stream(texts).map(Frames::text).toArray(byte[][]::new);
      RawClient.Frame[] echoes =
          Arrays.stream(texts).map(EchoTalk::said).toArray(RawClient.Frame[]::new);
      talk.assertAnswers(join(frames), echoes);
    }
  }
}
