package presence.gateway.ws.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.DataFormatException;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeflateTest {
  private static final int LIMIT = 64 * 1024;

  private static byte @Nullable [] inflated(byte[] compressed) throws DataFormatException {
    return Deflate.inflated(compressed, compressed.length, LIMIT);
  }

  /// The examples of RFC 7692, section 7.2.3: plain, without compression, ended, in two blocks.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "f248cdc9c90700",
        "000500faff48656c6c6f00",
        "f348cdc9c9070000",
        "f248050000 00ffffcac9c90700"
      })
  void theExamplesOfTheRfcSayHello(String hex) throws Exception {
    assertThat(inflated(Frames.hex(hex))).asString().isEqualTo("Hello");
  }

  @Test
  void whatItCompressesIsWhatTheRfcSays() {
    assertThat(Deflate.compressed(ByteString.fromString("Hello")).toArray())
        .isEqualTo(Frames.hex("f248cdc9c90700"));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 60, 128, 4_095, 4_096, 32_768, 65_535, 65_536})
  void whatIsInflatedIsWhatWasCompressed(int length) throws Exception {
    byte[] noise = new byte[length];
    new Random(length).nextBytes(noise);
    byte[] alike = "member ".repeat(length / 7 + 1).getBytes(StandardCharsets.UTF_8);
    assertThat(inflated(compressed(noise))).isEqualTo(noise);
    byte[] some = Arrays.copyOf(alike, length);
    assertThat(inflated(compressed(some))).isEqualTo(some);
  }

  private static byte[] compressed(byte[] message) {
    return Deflate.compressed(ByteString.fromArray(message)).toArray();
  }

  @Test
  void aMessageMayHaveAsManyBytesAsTheLimitAndNoMore() throws Exception {
    byte[] most = compressed(new byte[LIMIT]);
    assertThat(inflated(most)).hasSize(LIMIT);
    byte[] more = compressed(new byte[LIMIT + 1]);
    assertThat(inflated(more)).isNull();
    byte[] bomb = compressed(new byte[50_000_000]);
    assertThat(inflated(Arrays.copyOf(bomb, LIMIT))).isNull();
  }

  @Test
  void whatNoCompressionGivesIsSaidToBeThat() {
    byte[] reservedBlock = {(byte) 0xFF, 1, 2, 3};
    assertThatExceptionOfType(DataFormatException.class).isThrownBy(() -> inflated(reservedBlock));
  }

  @Test
  void someEndsInOneMessageAreReadOnAndManyAreNot() throws Exception {
    byte[] ended = Frames.hex("f348cdc9c90700");
    byte[] thrice = Frames.join(ended, ended, ended, new byte[1]);
    assertThat(inflated(thrice)).asString().isEqualTo("HelloHelloHello");
    byte[] empty = new byte[LIMIT];
    for (int i = 0; i < LIMIT; i += 2) {
      empty[i] = 3; // an empty block that ends its stream
    }
    assertThatExceptionOfType(DataFormatException.class).isThrownBy(() -> inflated(empty));
  }

  @Test
  void whatIsInPiecesIsCompressedAsAWhole() throws Exception {
    ByteString pieces =
        ByteString.fromString("xHel").drop(1).concat(ByteString.fromString("lox")).dropRight(1);
    assertThat(inflated(Deflate.compressed(pieces).toArray())).asString().isEqualTo("Hello");
  }

  @Test
  void bytesBehindTheLengthAreNotRead() throws Exception {
    byte[] hello = Frames.hex("f248cdc9c90700");
    byte[] longer = Arrays.copyOf(hello, 100);
    Arrays.fill(longer, hello.length, 100, (byte) 0xFF);
    assertThat(Deflate.inflated(longer, hello.length, LIMIT)).asString().isEqualTo("Hello");
  }
}
