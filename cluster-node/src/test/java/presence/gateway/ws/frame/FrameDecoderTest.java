package presence.gateway.ws.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static presence.gateway.ws.frame.Frames.binary;
import static presence.gateway.ws.frame.Frames.close;
import static presence.gateway.ws.frame.Frames.end;
import static presence.gateway.ws.frame.Frames.frame;
import static presence.gateway.ws.frame.Frames.header;
import static presence.gateway.ws.frame.Frames.hex;
import static presence.gateway.ws.frame.Frames.join;
import static presence.gateway.ws.frame.Frames.more;
import static presence.gateway.ws.frame.Frames.ping;
import static presence.gateway.ws.frame.Frames.pong;
import static presence.gateway.ws.frame.Frames.text;
import static presence.gateway.ws.frame.Frames.textBegin;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The rules of RFC 6455 for what a client sends, in the order of the Autobahn test suite's
/// sections. [Utf8CheckTest] has its section 6.
class FrameDecoderTest {
  private static final int LIMIT = 64 * 1024;

  /// Cuts of what is longer are tried near its beginning only, where its header is.
  private static final int CUTS_MAX = 200;

  /// What comes of these bytes at once, which must be what comes of them one by one, and cut in two
  /// anywhere.
  private static List<Inbound> decode(byte[]... parts) {
    byte[] bytes = join(parts);
    List<Inbound> whole = decodePieces(List.of(bytes));
    List<byte[]> single = new ArrayList<>();
    for (byte each : bytes) {
      single.add(new byte[] {each});
    }
    assertThat(decodePieces(single)).as("byte by byte").isEqualTo(whole);
    for (int cut = 1; cut < Math.min(bytes.length, CUTS_MAX); cut++) {
      byte[] begin = Arrays.copyOf(bytes, cut);
      byte[] rest = Arrays.copyOfRange(bytes, cut, bytes.length);
      assertThat(decodePieces(List.of(begin, rest))).as("cut at %d", cut).isEqualTo(whole);
    }
    return whole;
  }

  private static List<Inbound> decodePieces(List<byte[]> pieces) {
    FrameDecoder decoder = new FrameDecoder(LIMIT, false);
    List<Inbound> events = new ArrayList<>();
    for (byte[] bytes : pieces) {
      ByteBuffer piece = ByteBuffer.wrap(bytes);
      for (Inbound event = decoder.next(piece); event != null; event = decoder.next(piece)) {
        events.add(event);
      }
      assertThat(piece.hasRemaining()).as("a piece is used up").isFalse();
    }
    return events;
  }

  private static Inbound.Text message(String text) {
    return new Inbound.Text(text);
  }

  private static Inbound.Ping pinged(String payload) {
    return new Inbound.Ping(ByteString.fromString(payload));
  }

  private static void assertViolation(int code, byte[]... parts) {
    assertThat(decode(parts))
        .last()
        .isInstanceOfSatisfying(
            Inbound.Violation.class, violation -> assertThat(violation.code()).isEqualTo(code));
  }

  @Nested
  class Framing {
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 125, 126, 127, 128, 511, 512, 513, 4096, 65535, 65536})
    void textOfEveryLengthFormComesWhole(int length) {
      assertThat(decode(text("*".repeat(length)))).containsExactly(message("*".repeat(length)));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 125, 126, 65535, 65536})
    void binaryOfEveryLengthFormIsSeenAndDropped(int length) {
      assertThat(decode(binary(new byte[length]), text("next")))
          .containsExactly(new Inbound.Binary(), message("next"));
    }

    @Test
    void theMaskedExampleOfTheRfcSaysHello() {
      assertThat(decode(hex("8185 37fa213d 7f9f4d5158"))).containsExactly(message("Hello"));
    }

    @Test
    void severalMessagesInOneReadComeInOrder() {
      assertThat(decode(text("a"), text("b"), text("c")))
          .containsExactly(message("a"), message("b"), message("c"));
    }

    @Test
    void aLongerLengthFormThanNeededIsUnderstood() {
      assertThat(decode(hex("81fe0001 00000000 61"), hex("81ff0000000000000001 00000000 62")))
          .containsExactly(message("a"), message("b"));
    }

    @Test
    void aFrameWithoutMaskIsAViolation() {
      assertViolation(1002, hex("8105 48656c6c6f"));
    }

    @Test
    void aLengthWithTheHighBitIsAViolation() {
      assertViolation(1002, hex("81ff 8000000000000001"));
    }
  }

  @Nested
  class PingsAndPongs {
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 124, 125})
    void aPingComesWithItsPayload(int length) {
      assertThat(decode(ping("p".repeat(length)))).containsExactly(pinged("p".repeat(length)));
    }

    @Test
    void aPingOfMoreThan125BytesIsAViolation() {
      assertViolation(1002, ping("p".repeat(126)));
    }

    @Test
    void aPongNobodyAskedForIsSeen() {
      assertThat(decode(pong(""), pong("x"))).containsOnly(new Inbound.Pong()).hasSize(2);
    }

    @Test
    void everyPingOfManyComes() {
      assertThat(decode(ping("1"), ping("2"), ping("3")))
          .containsExactly(pinged("1"), pinged("2"), pinged("3"));
    }
  }

  @Nested
  class ReservedBitsAndOpcodes {
    @ParameterizedTest
    @ValueSource(ints = {0xC1, 0xA1, 0x91, 0xB1, 0xF1, 0xC9, 0xC8, 0x90})
    void aReservedBitIsAViolationAtTheFirstByte(int first) {
      assertViolation(1002, text("before"), new byte[] {(byte) first});
    }

    @ParameterizedTest
    @ValueSource(ints = {0x3, 0x4, 0x5, 0x6, 0x7, 0xB, 0xC, 0xD, 0xE, 0xF})
    void aReservedOpcodeIsAViolationAtTheFirstByte(int opcode) {
      assertViolation(1002, text("before"), new byte[] {(byte) (0x80 | opcode)});
    }
  }

  @Nested
  class Fragments {
    @Test
    void areOneMessage() {
      assertThat(decode(textBegin("one "), more("two "), more(""), end("three")))
          .containsExactly(message("one two three"));
    }

    @Test
    void mayAllBeEmpty() {
      assertThat(decode(textBegin(""), more(""), end(""))).containsExactly(message(""));
    }

    @Test
    void ofABinaryMessageAreOneToo() {
      assertThat(decode(frame(0x02, new byte[9]), more("x"), end("y"), text("z")))
          .containsExactly(new Inbound.Binary(), message("z"));
    }

    @Test
    void letControlFramesThrough() {
      assertThat(decode(textBegin("a"), ping("p"), more("b"), pong("q"), end("c")))
          .containsExactly(pinged("p"), new Inbound.Pong(), message("abc"));
    }

    @Test
    void giveWayToAClose() {
      assertThat(decode(textBegin("a"), close(1000, ""), end("b")))
          .containsExactly(new Inbound.Close(1000, ""));
    }

    @ParameterizedTest
    @ValueSource(ints = {0x08, 0x09, 0x0A})
    void ofAControlFrameAreAViolation(int first) {
      assertViolation(1002, frame(first, new byte[2]));
    }

    @ParameterizedTest
    @ValueSource(ints = {0x00, 0x80})
    void ofNothingAreAViolation(int first) {
      assertViolation(1002, text("whole"), frame(first, new byte[1]));
    }

    @ParameterizedTest
    @ValueSource(ints = {0x01, 0x81, 0x02, 0x82})
    void withANewMessageWithinAreAViolation(int first) {
      assertViolation(1002, textBegin("a"), frame(first, new byte[1]));
    }
  }

  @Nested
  class TextThatIsNotUtf8 {
    @Test
    void isAViolationAtTheWrongByte() {
      byte[] bytes = frame(0x81, hex("61 ff 62626262"));
      byte[] upToTheWrongOne = ByteBuffer.allocate(8).put(bytes, 0, 8).array();
      assertViolation(1007, upToTheWrongOne);
    }

    @Test
    void isAViolationWhenAMessageEndsWithinACharacter() {
      assertViolation(1007, frame(0x81, hex("e282")));
      assertViolation(1007, frame(0x01, hex("e2")), frame(0x80, hex("82")));
    }

    @Test
    void isNoneWhenACharacterIsCutBetweenFragments() {
      assertThat(
              decode(
                  frame(0x01, hex("f0 9f")),
                  ping(""),
                  frame(0x00, hex("91")),
                  frame(0x80, hex("8b"))))
          .containsExactly(pinged(""), message("👋"));
    }

    @Test
    void doesNotCarryOverToTheNextMessage() {
      assertThat(decode(text("é"), text("è"), frame(0x01, hex("c3")), frame(0x80, hex("a9"))))
          .containsExactly(message("é"), message("è"), message("é"));
    }
  }

  @Nested
  class Closing {
    @Test
    void mayGiveNoCode() {
      assertThat(decode(close())).containsExactly(new Inbound.Close(1005, ""));
    }

    @ParameterizedTest
    @ValueSource(
        ints = {
          1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000,
          4999
        })
    void givesACodeAndAReason(int code) {
      assertThat(decode(close(code, "why ✓"))).containsExactly(new Inbound.Close(code, "why ✓"));
    }

    @Test
    void givesAReasonOfUpTo123Bytes() {
      assertThat(decode(close(1000, "r".repeat(123))))
          .containsExactly(new Inbound.Close(1000, "r".repeat(123)));
      assertViolation(1002, close(1000, "r".repeat(124)));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535})
    void withACodeThatIsNoneIsAViolation(int code) {
      assertViolation(1002, close(code, ""));
    }

    @Test
    void withHalfACodeIsAViolation() {
      assertViolation(1002, frame(0x88, new byte[1]));
    }

    @Test
    void withAReasonThatIsNotUtf8IsAViolation() {
      assertViolation(1007, frame(0x88, hex("03e8 cebae1bdb9cf83cebcceb5eda080656469746564")));
      assertViolation(1007, frame(0x88, hex("03e8 ce")));
    }

    @Test
    void endsItAll() {
      assertThat(decode(close(1000, ""), text("late"), ping(""), close(1001, "")))
          .containsExactly(new Inbound.Close(1000, ""));
    }

    @Test
    void neverFollowsAViolation() {
      assertThat(decode(hex("8100"), text("late"), close(1000, ""))).hasSize(1);
    }
  }

  @Nested
  class Limits {
    @ParameterizedTest
    @ValueSource(ints = {0x81, 0x01, 0x82, 0x02})
    void aLengthOverTheLimitIsAViolationBeforeAnyPayload(int first) {
      assertViolation(1009, header(first, LIMIT + 1));
      assertViolation(1009, header(first, Long.MAX_VALUE));
    }

    @Test
    void countAllFragmentsOfAMessage() {
      byte[] half = new byte[LIMIT / 2];
      assertThat(decode(frame(0x01, half), frame(0x80, half))).hasSize(1);
      assertViolation(1009, frame(0x01, half), frame(0x00, half), header(0x80, 1));
      assertViolation(1009, frame(0x02, half), frame(0x00, half), header(0x80, 1));
    }

    @Test
    void countEachMessageAnew() {
      byte[] full = new byte[LIMIT];
      assertThat(decode(frame(0x81, full), frame(0x82, full), frame(0x81, full))).hasSize(3);
    }

    @Test
    void doNotCountControlFrames() {
      byte[] full = new byte[LIMIT];
      assertThat(decode(frame(0x01, full), ping("p".repeat(125)), end(""))).hasSize(2);
    }
  }
}
