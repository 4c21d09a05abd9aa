package presence.auth;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/// What a session may do in an instance; each includes those before it.
public enum Right {
  /// Follow what goes on, without being in it: in no list and no count.
  SEE,
  /// Be a member, whom others see.
  JOIN,
  /// Speak.
  SAY;

  private final String word = name().toLowerCase(Locale.ROOT);

  /// The word in a token and in the configuration.
  @JsonValue
  public String word() {
    return word;
  }

  /// The right of this word, if it is one.
  public static Optional<Right> of(String word) {
    return Stream.of(values()).filter(each -> each.word.equals(word)).findFirst();
  }

  boolean includes(Right other) {
    return compareTo(other) >= 0;
  }
}
