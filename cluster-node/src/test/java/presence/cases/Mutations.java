package presence.cases;

import java.util.List;
import java.util.random.RandomGenerator;

/// Frames that are nearly right: golden ones with something done to them.
final class Mutations {
  private static final List<String> VALUES =
      List.of(
          "null",
          "true",
          "false",
          "0",
          "-1",
          "1",
          "1.0",
          "1e3",
          "1e999999999",
          "9007199254740991",
          "9007199254740992",
          "99999999999999999999",
          "\"\"",
          "\"x\"",
          "\"\\ud800\"",
          "\"\\u0000\"",
          "\"\u202E\"",
          "\"__proto__\"",
          "\"full\"",
          "[]",
          "{}",
          "[[]]",
          "[null]",
          "[{}]",
          "{\"type\":\"bye\"}",
          "{\"\":{}}",
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
          "\\ud83d",
          "-",
          "e",
          "\0",
          "\u2028",
          "\uD800",
          "\uFEFF",
          "//",
          "[".repeat(40),
          "{\"a\":".repeat(33),
          "9".repeat(40));

  private final RandomGenerator random;
  private final List<String> seeds;

  Mutations(RandomGenerator random, List<String> seeds) {
    this.random = random;
    this.seeds = seeds;
  }

  String next() {
    String frame = seed();
    for (int n = 1 + random.nextInt(3); n > 0; n--) {
      frame = mutate(frame);
    }
    return frame;
  }

  private String mutate(String frame) {
    int at = random.nextInt(frame.length() + 1);
    return switch (random.nextInt(9)) {
      case 0 -> frame.substring(0, at);
      case 1 -> frame.substring(0, at) + pick(PIECES) + frame.substring(at);
      case 2 -> frame.substring(0, at) + frame.substring(Math.min(frame.length(), at + some()));
      case 3 -> "[" + frame + "," + seed() + "]";
      case 4 -> frame.substring(0, at) + (char) random.nextInt(0x1_0000) + frame.substring(at);
      case 5 -> frame + frame.substring(at);
      default -> anotherValue(frame, at);
    };
  }

  /// The next value after `at` becomes another one: stays JSON more often than not.
  private String anotherValue(String frame, int at) {
    int colon = frame.indexOf(':', at);
    if (colon < 0) {
      return frame;
    }
    int end = colon + 1;
    boolean quoted = false;
    for (int depth = 0; end < frame.length(); end++) {
      char c = frame.charAt(end);
      quoted ^= c == '"' && frame.charAt(end - 1) != '\\';
      depth += quoted ? 0 : c == '{' || c == '[' ? 1 : c == '}' || c == ']' ? -1 : 0;
      if (!quoted && (depth < 0 || (depth == 0 && c == ','))) {
        break;
      }
    }
    return frame.substring(0, colon + 1) + pick(VALUES) + frame.substring(end);
  }

  private String seed() {
    return pick(seeds);
  }

  private int some() {
    return 1 + random.nextInt(8);
  }

  private <T> T pick(List<T> from) {
    return from.get(random.nextInt(from.size()));
  }
}
