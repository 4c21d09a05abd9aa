package presence.gateway.http;

import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import presence.protocol.ErrorCode;
import presence.protocol.InvalidMessage;

/// Checks what a request names: ids, names, clients.
final class Given {
  static final int ID_LENGTH_MAX = 128;
  static final int NAME_LENGTH_MAX = 256;
  static final int PATH_LENGTH_MAX = 1024;

  private static final Pattern UUID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
  private static final Pattern INVISIBLE =
      Pattern.compile("[\\p{Cc}\\p{Cs}\\p{Zl}\\p{Zp}]|[\\p{Cf}&&[^\\u200C\\u200D]]");

  private Given() {}

  /// A client's id, in lower case.
  static String client(@Nullable String id) {
    if (id == null) {
      throw new InvalidMessage(ErrorCode.BAD_MESSAGE, "client_id is missing");
    }
    String lower = id.toLowerCase(Locale.ROOT);
    if (!UUID.matcher(lower).matches()) {
      throw new InvalidMessage(ErrorCode.BAD_MESSAGE, "client_id is a UUID");
    }
    return lower;
  }

  /// What selects something: visible characters only, exact.
  static String id(String what, String id) {
    if (id.isEmpty()) {
      throw new InvalidMessage(ErrorCode.BAD_MESSAGE, what + " is empty");
    }
    return text(what, id, ID_LENGTH_MAX);
  }

  static @Nullable String optional(String what, @Nullable String text, int lengthMax) {
    return text == null ? null : text(what, text, lengthMax);
  }

  private static String text(String what, String text, int lengthMax) {
    if (text.length() > lengthMax) {
      throw new InvalidMessage(
          ErrorCode.TOO_LONG, what + " has at most " + lengthMax + " characters");
    }
    if (INVISIBLE.matcher(text).find()) {
      throw new InvalidMessage(ErrorCode.BAD_MESSAGE, what + " holds control characters");
    }
    return text;
  }
}
