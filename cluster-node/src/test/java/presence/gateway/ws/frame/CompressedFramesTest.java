package presence.gateway.ws.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static presence.gateway.ws.frame.Frames.compressed;
import static presence.gateway.ws.frame.Frames.deflated;
import static presence.gateway.ws.frame.Frames.frame;
import static presence.gateway.ws.frame.Frames.hex;
import static presence.gateway.ws.frame.Frames.join;
import static presence.gateway.ws.frame.Frames.ping;
import static presence.gateway.ws.frame.Frames.text;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a client sends that agreed to compression (RFC 7692, section 6 and 7).
class CompressedFramesTest {
  private static final int LIMIT = 64 * 1024;

  private static List<Inbound> decode(byte[]... parts) {
    List<Inbound> whole = decode(Integer.MAX_VALUE, parts);
    assertThat(decode(1, parts)).as("byte by byte").isEqualTo(whole);
    assertThat(decode(7, parts)).as("seven at a time").isEqualTo(whole);
    return whole;
  }

  private static List<Inbound> decode(int pieceBytes, byte[]... parts) {
    FrameDecoder decoder = new FrameDecoder(LIMIT, true);
    List<Inbound> events = new ArrayList<>();
    ByteBuffer bytes = ByteBuffer.wrap(join(parts));
    while (bytes.hasRemaining()) {
      ByteBuffer piece =
          bytes.slice(bytes.position(), Math.min(pieceBytes, bytes.remaining())).asReadOnlyBuffer();
      bytes.position(bytes.position() + piece.remaining());
      for (Inbound event = decoder.next(piece); event != null; event = decoder.next(piece)) {
        events.add(event);
      }
    }
    return events;
  }

  private static void assertViolation(int code, byte[]... parts) {
    assertThat(decode(parts))
        .singleElement()
        .isInstanceOfSatisfying(
            Inbound.Violation.class, violation -> assertThat(violation.code()).isEqualTo(code));
  }

  @Test
  void theExampleOfTheRfcIsReadWholeAndInFragments() {
    assertThat(decode(frame(0xC1, hex("f248cdc9c90700"))))
        .containsExactly(new Inbound.Text("Hello"));
    assertThat(decode(frame(0x41, hex("f248cd")), frame(0x80, hex("c9c90700"))))
        .containsExactly(new Inbound.Text("Hello"));
  }

  @Test
  void whatIsCompressedAndWhatIsNotMayComeInTurn() {
    assertThat(decode(compressed("é✓👋"), text("plain"), compressed(""), text("")))
        .containsExactly(
            new Inbound.Text("é✓👋"),
            new Inbound.Text("plain"),
            new Inbound.Text(""),
            new Inbound.Text(""));
  }

  @Test
  void aControlFrameBetweenFragmentsIsNotCompressed() {
    assertThat(decode(frame(0x41, hex("f248cd")), ping("p"), frame(0x80, hex("c9c90700"))))
        .containsExactly(new Inbound.Ping(ByteString.fromString("p")), new Inbound.Text("Hello"));
  }

  @Test
  void aCompressedBinaryMessageIsDroppedUnread() {
    assertThat(decode(frame(0xC2, hex("ffffff")), text("next")))
        .containsExactly(new Inbound.Binary(), new Inbound.Text("next"));
  }

  @Test
  void aLongMessageComesWhole() {
    String most = "0123456789é✓👋".repeat(200) + noise(LIMIT / 2);
    assertThat(decode(compressed(most))).containsExactly(new Inbound.Text(most));
  }

  private static String noise(int length) {
    return new Random(1)
        .ints(length, 'a', 'z')
        .mapToObj(Character::toString)
        .collect(Collectors.joining());
  }

  /// Else a few bytes would be much work.
  @Test
  void whatIsShortDoesNotBecomeVeryLong() {
    assertThat(decode(compressed("*".repeat(10_240))))
        .hasSize(1)
        .first()
        .isInstanceOf(Inbound.Text.class);
    assertViolation(1009, compressed("*".repeat(10_241)));
  }

  @Test
  void whatInflatesToMoreThanAMessageMayHaveIsTooBig() {
    assertViolation(1009, compressed(noise(LIMIT + 1)));
    byte[] bomb = deflated(new byte[30_000_000]);
    assertViolation(1009, frame(0xC1, bomb));
  }

  @Test
  void whatCannotBeInflatedOrIsNoTextFails() {
    assertViolation(1007, frame(0xC1, hex("ffffffff")));
    assertViolation(1007, frame(0xC1, deflated(hex("c328"))));
    byte[] half = Arrays.copyOf("✓".getBytes(StandardCharsets.UTF_8), 2);
    assertViolation(1007, frame(0xC1, deflated(half)));
  }

  /// On a continuation, on control frames, and the other two bits on anything.
  @ParameterizedTest
  @ValueSource(ints = {0xC9, 0xCA, 0xC8, 0xA1, 0x91, 0xE1, 0xF1, 0xB1, 0xC0})
  void aReservedBitThatMeansNothingFails(int first) {
    assertViolation(1002, frame(first, new byte[0]));
  }

  @Test
  void aControlFrameIsNotCompressedEvenWithinACompressedMessage() {
    assertViolation(1002, frame(0x41, hex("f248cd")), frame(0xC9, new byte[0]));
  }

  @Test
  void aContinuationDoesNotSayItAgain() {
    assertViolation(1002, frame(0x41, hex("f248cd")), frame(0xC0, hex("c9c90700")));
  }

  @Test
  void withoutAgreementNothingIsCompressed() {
    FrameDecoder decoder = new FrameDecoder(LIMIT, false);
    assertThat(decoder.next(ByteBuffer.wrap(compressed("Hello"))))
        .isInstanceOf(Inbound.Violation.class);
  }
}
