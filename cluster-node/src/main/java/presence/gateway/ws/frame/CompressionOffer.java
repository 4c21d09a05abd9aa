package presence.gateway.ws.frame;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What a server answers to the `Sec-WebSocket-Extensions` of a client: the first offer of
/// `permessage-deflate` (RFC 7692) that it can keep, with nothing kept between two messages.
public final class CompressionOffer {
  private static final String EXTENSION = "permessage-deflate";
  private static final String SERVER_BITS = "server_max_window_bits";

  /// The window of what is compressed here; a smaller one cannot be chosen.
  private static final String WINDOW_BITS = "15";

  private static final Pattern BITS = Pattern.compile("[89]|1[0-5]");

  private CompressionOffer() {}

  /// The answer, if anything is taken.
  ///
  /// @param headers each a list of offers
  /// @return the header to answer with; nothing = messages go as they are
  public static Optional<String> answer(List<String> headers) {
    return headers.stream()
        .flatMap(header -> List.of(header.split(",")).stream())
        .flatMap(offer -> answer(offer).stream())
        .findFirst();
  }

  private static Optional<String> answer(String offer) {
    List<String> parts = List.of(offer.split(";", -1));
    Set<String> given = new HashSet<>();
    boolean kept =
        parts.getFirst().strip().equals(EXTENSION)
            && parts.stream().skip(1).allMatch(part -> canKeep(part, given));
    String window = given.contains(SERVER_BITS) ? "; " + SERVER_BITS + "=" + WINDOW_BITS : "";
    return kept
        ? Optional.of(
            EXTENSION + "; server_no_context_takeover; client_no_context_takeover" + window)
        : Optional.empty();
  }

  private static boolean canKeep(String parameter, Set<String> given) {
    String[] parts = parameter.split("=", 2);
    String name = parts[0].strip();
    String value = parts.length == 1 ? null : unquoted(parts[1].strip());
    return given.add(name) && canKeep(name, value);
  }

  private static boolean canKeep(String name, @Nullable String value) {
    return switch (name) {
      case "server_no_context_takeover", "client_no_context_takeover" -> value == null;
      case "client_max_window_bits" -> value == null || BITS.matcher(value).matches();
      case SERVER_BITS -> WINDOW_BITS.equals(value);
      default -> false;
    };
  }

  private static String unquoted(String value) {
    boolean quoted = value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"");
    return quoted ? value.substring(1, value.length() - 1) : value;
  }
}
