package presence.cases;

import java.util.List;
import java.util.random.RandomGenerator;

/// Frames that are nearly right: golden ones with something done to them.
final class Mutations {
  private static final List<String> VALUES =
      List.of(
          "null",
          "true",
          "-1",
          "1.5",
          "1e999999999",
          "9007199254740992",
          "\"\"",
          "\"\\ud800\"",
          "\"\\u0000\"",
          "\"\u202E\"",
          "\"__proto__\"",
          "[]",
          "{}",
          "[[null]]",
          "{\"type\":\"bye\"}",
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
          "\0",
          "\u2028",
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
    String frame = pick(seeds);
    for (int n = 1 + random.nextInt(3); n > 0; n--) {
      frame = mutate(frame);
    }
    return frame;
  }

  private String mutate(String frame) {
    int at = random.nextInt(frame.length() + 1);
    int then = Math.min(frame.length(), at + 1 + random.nextInt(8));
    return switch (random.nextInt(8)) {
      case 0 -> frame.substring(0, at);
      case 1 -> frame.substring(0, at) + pick(PIECES) + frame.substring(at);
      case 2 -> frame.substring(0, at) + frame.substring(then);
      case 3 -> "[" + frame + "," + pick(seeds) + "]";
      case 4 -> frame.substring(0, at) + (char) random.nextInt(0x1_0000) + frame.substring(at);
      default -> anotherValue(frame, at);
    };
  }

  /// The value after the next colon becomes another one: stays JSON more often than not.
  private String anotherValue(String frame, int at) {
    int colon = frame.indexOf(':', at);
    if (colon < 0) {
      return frame;
    }
    int end = colon + 1;
    while (end < frame.length() && ",}]".indexOf(frame.charAt(end)) < 0) {
      end++;
    }
    return frame.substring(0, colon + 1) + pick(VALUES) + frame.substring(end);
  }

  private <T> T pick(List<T> from) {
    return from.get(random.nextInt(from.size()));
  }
}
