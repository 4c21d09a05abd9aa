package presence.instance;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Which places show which instance. A location is on the piece that its first segment names, up to
/// the first `~`, `:` or `/`, without case: `chat~hello` is on `chat`, `chatter` is not.
///
/// Without configuration the instance `chat-NAME` is viewed on `chat` and on `NAME`, any other on
/// its own name.
public final class Pieces {
  private static final String CHAT_PREFIX = "chat-";

  private final Map<String, Set<String>> configured = new HashMap<>();

  /// @param configured the pieces of single instances, instead of the rule
  public Pieces(Map<String, List<String>> configured) {
    configured.forEach((instance, pieces) -> {
      Set<String> lowered = new HashSet<>();
      pieces.forEach(piece -> lowered.add(lower(piece)));
      this.configured.put(instance, lowered);
    });
  }

  /// Whether who is at this location sees the instance.
  public boolean shows(@Nullable String location, String instance) {
    if (location == null) {
      return false;
    }
    String piece = lower(firstSegment(location));
    Set<String> own = configured.get(instance);
    if (own != null) {
      return own.contains(piece);
    }
    return instance.startsWith(CHAT_PREFIX)
        ? piece.equals("chat") || piece.equals(lower(instance.substring(CHAT_PREFIX.length())))
        : piece.equals(lower(instance));
  }

  private static String firstSegment(String location) {
    int end = 0;
    while (end < location.length() && "~:/".indexOf(location.charAt(end)) < 0) {
      end++;
    }
    return location.substring(0, end);
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }
}
