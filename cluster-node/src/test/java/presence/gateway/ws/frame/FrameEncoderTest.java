package presence.gateway.ws.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.ByteBuffer;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrameEncoderTest {
  /// What a server's frame says: masked with zeros it is a client's with the same payload.
  private static @Nullable Inbound decode(ByteString frame) {
    byte[] bytes = frame.toArray();
    int length = bytes[1] & 0x7F;
    int header = length < 126 ? 2 : length == 126 ? 4 : 10;
    ByteBuffer masked = ByteBuffer.allocate(bytes.length + 4);
    masked.put(bytes, 0, header).putInt(0).put(bytes, header, bytes.length - header);
    masked.put(1, (byte) (bytes[1] | 0x80)).flip();
    Inbound event = new FrameDecoder(1_000_000, false).next(masked);
    assertThat(masked.hasRemaining()).as("more than one frame").isFalse();
    return event;
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 125, 126, 65535, 65536, 1_000_000})
  void aTextOfEveryLengthFormComesBack(int length) {
    String text = "t".repeat(length);
    assertThat(decode(FrameEncoder.text(ByteString.fromString(text))))
        .isEqualTo(new Inbound.Text(text));
  }

  @Test
  void theTextExampleOfTheRfcIsWrittenAsThere() {
    assertThat(FrameEncoder.text(ByteString.fromString("Hello")).toArray())
        .isEqualTo(Frames.hex("8105 48656c6c6f"));
  }

  @Test
  void pingsAndPongsCarryTheirPayload() {
    ByteString payload = ByteString.fromString("Hello");
    assertThat(decode(FrameEncoder.ping(payload))).isEqualTo(new Inbound.Ping(payload));
    assertThat(FrameEncoder.pong(payload).toArray()).isEqualTo(Frames.hex("8a05 48656c6c6f"));
    ByteString long126 = ByteString.fromString("p".repeat(126));
    assertThatIllegalArgumentException().isThrownBy(() -> FrameEncoder.pong(long126));
  }

  @ParameterizedTest
  @ValueSource(ints = {1000, 1001, 1009, 1011, 1012, 4300, 4400, 4409, 4411})
  void aCloseCarriesCodeAndReason(int code) {
    assertThat(decode(FrameEncoder.close(code, "why ✓")))
        .isEqualTo(new Inbound.Close(code, "why ✓"));
  }

  @Test
  void aCloseOfNoCodeIsEmpty() {
    assertThat(decode(FrameEncoder.close(1005, "not said"))).isEqualTo(new Inbound.Close(1005, ""));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1006, 1015, 2000, 5000, 69_536})
  void aCodeThatMayNotBeSentIsRefused(int code) {
    assertThatIllegalArgumentException().isThrownBy(() -> FrameEncoder.close(code, ""));
  }

  @Test
  void aReasonIsCutBetweenCharacters() {
    assertThat(decode(FrameEncoder.close(1000, "r".repeat(200))))
        .isEqualTo(new Inbound.Close(1000, "r".repeat(123)));
    assertThat(decode(FrameEncoder.close(1000, "✓".repeat(60))))
        .isEqualTo(new Inbound.Close(1000, "✓".repeat(41)));
    assertThat(decode(FrameEncoder.close(1000, "r" + "✓".repeat(60))))
        .isEqualTo(new Inbound.Close(1000, "r" + "✓".repeat(40)));
    assertThat(decode(FrameEncoder.close(1000, "👋".repeat(60))))
        .isEqualTo(new Inbound.Close(1000, "👋".repeat(30)));
  }
}
