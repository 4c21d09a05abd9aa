package presence.protocol;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.text.Normalizer;
import java.util.Locale;

/// A person's public name, `@ann`: normalised, so that two spellings of one handle are equal. It is
/// compared after NFKC and without case; the `@` is optional in input and always there in output.
public record Handle(@JsonValue String value) {
  private static final int LENGTH_MAX = 64;

  /// Takes only what [#of] would return: the normalised form.
  public Handle {
    if (!value.equals(normalise(value))) {
      throw new IllegalArgumentException("not a normalised handle");
    }
  }

  /// Reads a handle as a person or a token wrote it.
  ///
  /// @throws InvalidMessage `bad_message` when it is empty, holds anything but letters, digits and
  ///   `. _ -`, or is longer than 64 characters
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public static Handle of(String text) {
    return new Handle(normalise(text));
  }

  private static String normalise(String text) {
    if (text.length() > 4 * LENGTH_MAX) {
      throw new InvalidMessage(ErrorCode.BAD_MESSAGE, "a handle has at most 64 characters");
    }
    String folded =
        Normalizer.normalize(
            Normalizer.normalize(text, Normalizer.Form.NFKC)
                .toLowerCase(Locale.ROOT) // the capital sharp s has no other way to 'ss'
                .toUpperCase(Locale.ROOT)
                .toLowerCase(Locale.ROOT),
            Normalizer.Form.NFKC);
    String name = folded.startsWith("@") ? folded.substring(1) : folded;
    if (name.isEmpty() || name.length() > LENGTH_MAX || !name.codePoints().allMatch(Handle::fits)) {
      throw new InvalidMessage(
          ErrorCode.BAD_MESSAGE, "a handle is 1 to 64 letters, digits, '.', '_' or '-'");
    }
    return "@" + name;
  }

  private static boolean fits(int codePoint) {
    return Character.isLetterOrDigit(codePoint)
        || Character.getType(codePoint) == Character.NON_SPACING_MARK
        || codePoint == '.'
        || codePoint == '_'
        || codePoint == '-';
  }

  @Override
  public String toString() {
    return value;
  }
}
