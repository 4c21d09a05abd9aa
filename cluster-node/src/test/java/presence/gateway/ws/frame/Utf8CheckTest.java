package presence.gateway.ws.frame;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class Utf8CheckTest {
  private static boolean isUtf8(byte[] bytes) {
    Utf8Check check = new Utf8Check();
    return check.accepts(bytes, 0, bytes.length) && check.isComplete();
  }

  private static boolean isUtf8ByTheJdk(byte[] bytes) {
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    CharBuffer chars = CharBuffer.allocate(bytes.length);
    return !decoder.decode(ByteBuffer.wrap(bytes), chars, true).isError();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "00",
        "7f",
        "c280",
        "dfbf",
        "e0a080",
        "ed9fbf",
        "ee8080",
        "efbfbd",
        "efbfbf",
        "f0908080",
        "f48fbfbf",
        "cebae1bdb9cf83cebcceb5",
        "f09f918b20f09f918b",
        "efbfbe"
      })
  void valid(String hex) {
    assertThat(isUtf8(Frames.hex(hex))).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "80, a continuation of nothing",
    "bf, a continuation of nothing",
    "c0af, overlong in 2",
    "c1bf, overlong in 2",
    "e080af, overlong in 3",
    "e09fbf, overlong in 3",
    "f08080af, overlong in 4",
    "f08fbfbf, overlong in 4",
    "eda080, the first surrogate",
    "edbfbf, the last surrogate",
    "edadbfedb080, a pair of surrogates",
    "f4908080, above U+10FFFF",
    "f5808080, above U+10FFFF",
    "f888808080, five bytes",
    "fc8480808080, six bytes",
    "fe, never a byte of UTF-8",
    "ff, never a byte of UTF-8",
    "c3, cut off",
    "e282, cut off",
    "f09f91, cut off",
    "c328, a character broken off",
    "e28228, a character broken off",
    "f09f9128, a character broken off"
  })
  void invalid(String hex, String why) {
    assertThat(isUtf8(Frames.hex(hex))).as(why).isFalse();
  }

  @Test
  void agreesWithTheJdkOnEveryFirstByteWithEveryBoundaryBehindIt() {
    byte[] boundaries = Frames.hex("00 7f 80 8f 90 9f a0 bf c0 ff");
    for (int first = 0; first < 256; first++) {
      for (int rest = 0; rest < 1000; rest++) {
        byte[] bytes = {
          (byte) first, boundaries[rest / 100], boundaries[rest / 10 % 10], boundaries[rest % 10]
        };
        for (int length = 1; length <= bytes.length; length++) {
          byte[] sequence = Arrays.copyOf(bytes, length);
          if (isUtf8(sequence) != isUtf8ByTheJdk(sequence)) {
            throw new AssertionError("differs on " + HexFormat.of().formatHex(sequence));
          }
        }
      }
    }
  }

  @Test
  void agreesWithTheJdkOnLongTextsCutAnywhereWithOneByteChanged() {
    Random random = new Random(6455);
    for (int round = 0; round < 20_000; round++) {
      byte[] bytes = text(random).getBytes(StandardCharsets.UTF_8);
      if (random.nextBoolean()) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      int cut = random.nextInt(bytes.length + 1);
      Utf8Check check = new Utf8Check();
      boolean valid =
          check.accepts(bytes, 0, cut)
              && check.accepts(bytes, cut, bytes.length)
              && check.isComplete();
      assertThat(valid).as("%s", Arrays.toString(bytes)).isEqualTo(isUtf8ByTheJdk(bytes));
    }
  }

  private static String text(Random random) {
    StringBuilder text = new StringBuilder("x");
    for (int length = random.nextInt(30); length > 0; length--) {
      switch (random.nextInt(6)) {
        case 0 -> text.append('é');
        case 1 -> text.append('✓');
        case 2 -> text.append("👋");
        default -> text.append("plain text");
      }
    }
    return text.toString();
  }
}
