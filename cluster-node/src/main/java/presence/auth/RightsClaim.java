package presence.auth;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The claim `presence` of a token: an object of instances' names and what its bearer may do there,
/// `{"chat-lobby": ["say"], "news-*": ["see"]}`. Words that are not known allow nothing, so that an
/// issuer may know more of them than a node.
final class RightsClaim {
  static final String NAME = "presence";

  /// The claim is there and cannot be read. It must not be taken for no claim, which allows all.
  static final class Unreadable extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    Unreadable() {
      super("not an object of lists of words", null);
    }
  }

  private RightsClaim() {}

  /// What the claim among these allows; absent = there is no such claim.
  ///
  /// @throws Unreadable when it is something else
  static @Nullable Map<String, Right> read(Map<String, Object> claims) {
    if (!claims.containsKey(NAME)) {
      return null;
    }
    if (!(claims.get(NAME) instanceof Map<?, ?> named)) {
      throw new Unreadable();
    }
    Map<String, Right> rights = new HashMap<>();
    named.forEach((name, words) -> {
      if (!(name instanceof String instance)
          || !StandardCharsets.UTF_8.newEncoder().canEncode(instance)
          || !(words instanceof List<?> list)) {
        throw new Unreadable();
      }
      for (Object word : list) {
        if (!(word instanceof String text)) {
          throw new Unreadable();
        }
        Right.of(text)
            .ifPresent(right ->
                rights.merge(instance, right, (one, other) -> one.includes(other) ? one : other));
      }
    });
    return rights;
  }
}
