package presence.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import presence.gateway.ws.frame.FrameDecoder;
import presence.gateway.ws.frame.FrameEncoder;
import presence.gateway.ws.frame.Inbound;
import presence.load.Frames.Frame;

class FramesTest {
  private static final int MESSAGE_BYTES_MAX = 1 << 20;

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 125, 126, 65_535, 65_536, 200_000})
  void whatTheServerWritesIsReadWhateverItsLength(int length) {
    String text = "x".repeat(length);
    Frame frame = next(server(text).asByteBuffer());
    assertThat(frame.opcode()).isEqualTo(Frames.TEXT);
    assertThat(text(frame)).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 125, 126, 65_535, 65_536, 200_000})
  void theServerReadsWhatIsWrittenWhateverItsLength(int length) {
    String text = "ü".repeat(length / 2);
    assertThat(new FrameDecoder(MESSAGE_BYTES_MAX, false).next(Frames.text(text)))
        .isEqualTo(new Inbound.Text(text));
  }

  @Test
  void aPongCarriesWhatThePingCarried() {
    Frame ping = new Frame(Frames.PING, false, ByteBuffer.wrap(new byte[] {1, 2, 3}));
    assertThat(new FrameDecoder(MESSAGE_BYTES_MAX, false).next(Frames.pong(ping)))
        .isInstanceOf(Inbound.Pong.class);
  }

  @Test
  void aFrameThatIsNotWholeYetTakesNothing() {
    ByteBuffer whole = server("y".repeat(300)).asByteBuffer();
    for (int length = 0; length < whole.limit(); length++) {
      ByteBuffer part = whole.duplicate().limit(length);
      assertThat(Frames.next(part)).isNull();
      assertThat(part.position()).isZero();
    }
  }

  @Test
  void framesAreTakenOneByOne() {
    ByteBuffer both = server("one").concat(server("two")).asByteBuffer();
    assertThat(text(next(both))).isEqualTo("one");
    assertThat(text(next(both))).isEqualTo("two");
    assertThat(both.hasRemaining()).isFalse();
  }

  @Test
  void aCloseFrameHasACode() {
    assertThat(next(FrameEncoder.close(4409, "replaced").asByteBuffer()).closeCode())
        .isEqualTo(4409);
    assertThat(next(FrameEncoder.close(1005, "").asByteBuffer()).closeCode()).isEqualTo(1005);
  }

  @Test
  void aFrameNoServerOfOursSendsIsRefused() {
    assertThatThrownBy(() -> Frames.next(Frames.text("masked")))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void whatTheServerCompressesIsInflatedAndCountsAsItCame() {
    try (Inflation inflation = new Inflation(10_000)) {
      for (int times = 0; times < 3; times++) {
        String text = ("é member " + times).repeat(500);
        ByteString sent = FrameEncoder.compressedText(ByteString.fromString(text));
        Frame frame = inflation.inflated(next(sent.asByteBuffer()));
        assertThat(text(frame)).isEqualTo(text);
        assertThat(frame.bytes()).isLessThan(sent.size()).isGreaterThan(sent.size() - 11);
      }
      Frame plain = next(server("plain").asByteBuffer());
      assertThat(inflation.inflated(plain)).isSameAs(plain);
    }
  }

  @Test
  void whatInflatesToTooMuchIsRefused() {
    try (Inflation inflation = new Inflation(10_000)) {
      Frame bomb =
          next(
              FrameEncoder.compressedText(ByteString.fromString("x".repeat(10_000)))
                  .asByteBuffer());
      assertThatThrownBy(() -> inflation.inflated(bomb)).isInstanceOf(IllegalStateException.class);
    }
  }

  private static ByteString server(String text) {
    return FrameEncoder.text(ByteString.fromString(text));
  }

  private static Frame next(ByteBuffer bytes) {
    return Objects.requireNonNull(Frames.next(bytes));
  }

  private static String text(Frame frame) {
    return StandardCharsets.UTF_8.decode(frame.payload()).toString();
  }
}
