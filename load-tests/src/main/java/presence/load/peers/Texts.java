package presence.load.peers;

/// Messages of 100 bytes that begin with their number.
final class Texts {
  static final int BYTES = 100;

  private static final int DIGITS = 8;

  private Texts() {}

  static String of(int number) {
    return "%08d".formatted(number) + "x".repeat(BYTES - DIGITS);
  }

  static int number(String text) {
    if (text.length() != BYTES) {
      throw new IllegalArgumentException("nobody said " + text);
    }
    return Integer.parseInt(text.substring(0, DIGITS));
  }
}
