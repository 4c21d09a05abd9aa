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
    assertThat(new FrameDecoder(MESSAGE_BYTES_MAX).next(Frames.text(text)))
        .isEqualTo(new Inbound.Text(text));
  }

  @Test
  void aPongCarriesWhatThePingCarried() {
    Frame ping = new Frame(Frames.PING, ByteBuffer.wrap(new byte[] {1, 2, 3}));
    assertThat(new FrameDecoder(MESSAGE_BYTES_MAX).next(Frames.pong(ping)))
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
