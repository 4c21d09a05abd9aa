package presence.protocol;

import org.jspecify.annotations.Nullable;

/// The checks a message makes of its own fields. Lengths of names and ids are in UTF-16 units.
final class Checks {
  static final int REF_LENGTH_MAX = 64;
  static final int NAME_LENGTH_MAX = 64;
  static final int PERSON_LENGTH_MAX = 128; // a handle may be written longer than it is
  static final int INSTANCE_LENGTH_MAX = 128;
  static final int PIECE_LENGTH_MAX = 128;
  static final int JSON_BYTES_MAX = 2_048;
  static final int SLUG_LENGTH_MAX = 256;
  static final int TOKEN_LENGTH_MAX = 8192;
  static final int TEXT_LENGTH_MAX = 16_384;
  static final int LIST_SIZE_MAX = 1_000;
  static final long INTEGER_MAX = (1L << 53) - 1;

  private static final int ZERO_WIDTH_NON_JOINER = 0x200C;
  private static final int ZERO_WIDTH_JOINER = 0x200D;

  private Checks() {}

  static void integer(String field, long value) {
    if (value < 0 || value > INTEGER_MAX) {
      throw bad(field + " is an integer from 0 to 2^53 - 1");
    }
  }

  static <T> T present(String field, @Nullable T value) {
    if (value == null) {
      throw bad(field + " is missing");
    }
    return value;
  }

  /// A name that selects something: visible characters only, exact.
  static String name(String field, @Nullable String value, int max) {
    String name = present(field, value);
    if (name.isEmpty()) {
      throw bad(field + " is empty");
    }
    optionalName(field, name, max);
    return name;
  }

  static void optionalName(String field, @Nullable String value, int max) {
    if (value != null) {
      length(field, value, max);
      if (value.codePoints().anyMatch(Checks::invisible)) {
        throw bad(field + " holds control characters");
      }
    }
  }

  static void length(String field, @Nullable String value, int max) {
    if (value != null && value.length() > max) {
      throw new InvalidMessage(ErrorCode.TOO_LONG, field + " has at most " + max + " characters");
    }
  }

  /// A text for people: lines and marks are welcome, but halves of characters cannot be written
  /// down.
  static void text(String field, String value) {
    if (value.codePoints().anyMatch(c -> Character.getType(c) == Character.SURROGATE)) {
      throw bad(field + " holds a lone surrogate");
    }
  }

  /// A JSON value that others will read: short, and of whole characters.
  static Json json(String field, Json value) {
    if (value.bytes() > JSON_BYTES_MAX) {
      throw new InvalidMessage(
          ErrorCode.TOO_LONG, field + " has at most " + JSON_BYTES_MAX + " bytes");
    }
    text(field, value.text());
    return value;
  }

  /// The value, if it is such a name or nothing.
  static @Nullable String nameOrNull(@Nullable String value, int max) {
    try {
      optionalName("", value, max);
      return value;
    } catch (InvalidMessage unfit) {
      return null;
    }
  }

  private static boolean invisible(int codePoint) {
    if (codePoint == ZERO_WIDTH_NON_JOINER || codePoint == ZERO_WIDTH_JOINER) {
      return false; // part of written words and of emoji
    }
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          true;
      default -> false;
    };
  }

  static InvalidMessage bad(String message) {
    return new InvalidMessage(ErrorCode.BAD_MESSAGE, message);
  }
}
