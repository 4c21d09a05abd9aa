package presence.load.fuzz;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/// Does something to what was right.
final class Mutilation {
  private static final List<String> VALUES =
      List.of(
          "null",
          "true",
          "0",
          "-1",
          "1.5",
          "1e400",
          "-1e999999999",
          "9007199254740992",
          "99999999999999999999",
          "\"\"",
          "\"x\"",
          "\"\\ud800\"",
          "\"\\u0000\"",
          "\"\u202Eevil\u200B\"",
          "\"__proto__\"",
          "[]",
          "{}",
          "[[]]",
          "[null]",
          "{\"type\":\"bye\"}",
          "{\"a\":1,\"a\":2}",
          "[".repeat(40) + "]".repeat(40),
          "\"" + "x".repeat(10_240) + "\"");
  private static final List<String> PIECES =
      List.of(
          "{",
          "}",
          "[",
          "]",
          ":",
          ",",
          "\"",
          "\\",
          "\\u",
          "-",
          "e",
          "\0",
          "\r\n",
          "%",
          "%00",
          "%2e%2e/",
          "?",
          "&",
          "\u2028",
          "\uFEFF",
          "é",
          "💥",
          "[".repeat(40),
          "9".repeat(40));

  private final RandomGenerator random;

  Mutilation(RandomGenerator random) {
    this.random = random;
  }

  <T> T one(List<T> of) {
    return of.get(random.nextInt(of.size()));
  }

  boolean once(int times) {
    return random.nextInt(times) == 0;
  }

  /// A value of JSON that is seldom meant.
  String value() {
    return one(VALUES);
  }

  /// What breaks what it is put into.
  String piece() {
    return one(PIECES);
  }

  /// The text with something done to it, once or some times.
  String text(String text) {
    String result = text;
    for (int n = 1 + random.nextInt(3); n > 0; n--) {
      result = textOnce(result);
    }
    return result;
  }

  private String textOnce(String text) {
    int at = random.nextInt(text.length() + 1);
    String before = text.substring(0, at);
    return switch (random.nextInt(8)) {
      case 0 -> before;
      case 1 -> before + piece() + text.substring(at);
      case 2 -> before + text.substring(Math.min(text.length(), at + 1 + random.nextInt(8)));
      case 3 -> before + (char) random.nextInt(0x1_0000) + text.substring(at);
      case 4 -> text + text.substring(at);
      default -> anotherValue(text, at);
    };
  }

  /// The next value after `at` becomes another one: stays JSON more often than not.
  private String anotherValue(String text, int at) {
    int colon = text.indexOf(':', at);
    if (colon < 0) {
      return text;
    }
    int end = colon + 1;
    boolean quoted = false;
    for (int depth = 0; end < text.length(); end++) {
      char c = text.charAt(end);
      quoted ^= c == '"' && text.charAt(end - 1) != '\\';
      depth += quoted ? 0 : c == '{' || c == '[' ? 1 : c == '}' || c == ']' ? -1 : 0;
      if (!quoted && (depth < 0 || (depth == 0 && c == ','))) {
        break;
      }
    }
    return text.substring(0, colon + 1) + value() + text.substring(end);
  }

  /// The bytes with something done to them, once or some times.
  byte[] bytes(byte[] bytes) {
    byte[] result = bytes.clone();
    for (int n = 1 + random.nextInt(4); n > 0 && result.length > 0; n--) {
      int at = random.nextInt(result.length);
      switch (random.nextInt(5)) {
        case 0 -> result = Arrays.copyOf(result, at);
        case 1 -> result[at] = (byte) random.nextInt(256);
        case 2 -> result = inserted(result, at);
        default -> result[at] ^= (byte) (1 << random.nextInt(Byte.SIZE));
      }
    }
    return result;
  }

  private byte[] inserted(byte[] bytes, int at) {
    ByteArrayOutputStream result = new ByteArrayOutputStream();
    result.write(bytes, 0, at);
    result.writeBytes(
        once(2)
            ? piece().getBytes(StandardCharsets.UTF_8)
            : Arrays.copyOfRange(bytes, at, at + Math.min(20, bytes.length - at)));
    result.write(bytes, at, bytes.length - at);
    return result.toByteArray();
  }
}
