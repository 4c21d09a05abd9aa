package presence.gateway;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/// A range of addresses such as `10.0.0.0/8`; an address alone is the range of itself.
///
/// @param bits how many of the first bits of an address decide whether it is in the range
public record Network(InetAddress address, int bits) {
  private static final Pattern FOUR = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");
  private static final Pattern SIX = Pattern.compile("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

  /// Reads an address or a range.
  ///
  /// @throws IllegalArgumentException when it is neither
  public static Network parse(String text) {
    int slash = text.indexOf('/');
    InetAddress address =
        address(slash < 0 ? text : text.substring(0, slash))
            .orElseThrow(() -> new IllegalArgumentException(expected(text)));
    int most = address.getAddress().length * Byte.SIZE;
    try {
      int bits = slash < 0 ? most : Integer.parseInt(text.substring(slash + 1));
      if (bits >= 0 && bits <= most) {
        return new Network(address, bits);
      }
    } catch (NumberFormatException e) {
      // says the same as what follows
    }
    throw new IllegalArgumentException(expected(text));
  }

  private static String expected(String text) {
    return "\"%s\" is no address or range such as 10.0.0.0/8".formatted(text);
  }

  /// The address that a text writes; never asks who has a name.
  public static Optional<InetAddress> address(String text) {
    if (!FOUR.matcher(text).matches() && !SIX.matcher(text).matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(InetAddress.ofLiteral(text));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  public boolean contains(InetAddress other) {
    byte[] mine = address.getAddress();
    byte[] theirs = other.getAddress();
    if (mine.length != theirs.length) {
      return false;
    }
    int whole = bits / Byte.SIZE;
    int rest = bits % Byte.SIZE;
    if (!Arrays.equals(mine, 0, whole, theirs, 0, whole)) {
      return false;
    }
    return rest == 0
        || (mine[whole] & 0xFF) >> (Byte.SIZE - rest)
            == (theirs[whole] & 0xFF) >> (Byte.SIZE - rest);
  }
}
