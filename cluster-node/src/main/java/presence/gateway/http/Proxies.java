package presence.gateway.http;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.pekko.http.javadsl.model.AttributeKeys;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import presence.gateway.Network;

/// Whose word about the address of a client is taken: that of the proxies in front, by one header,
/// which they write. What others write there, or anybody in another header, means nothing.
///
/// Every proxy adds at the end whom it was asked by. So the list is read from its end, as long as
/// those who wrote it are ours; the first who is not is the client.
///
/// @param trusted the proxies
/// @param header the name of the header in small letters
public record Proxies(List<Network> trusted, String header) {
  private static final String FORWARDED = "forwarded";
  private static final String X_FORWARDED_FOR = "x-forwarded-for";
  private static final Pattern FOR =
      Pattern.compile("(?i)(?:^|;)\\s*for\\s*=\\s*(\"[^\"]*\"|[^;\\s]*)\\s*(?=;|$)");
  private static final Pattern WITH_PORT =
      Pattern.compile("\\[([^\\]]*)](?::\\w+)?|([^:]*)(?::\\w+)?");

  /// @throws IllegalArgumentException when the header is not one of the two
  public Proxies {
    trusted = List.copyOf(trusted);
    header = header.toLowerCase(Locale.ROOT);
    if (!header.equals(FORWARDED) && !header.equals(X_FORWARDED_FOR)) {
      throw new IllegalArgumentException("is X-Forwarded-For or Forwarded");
    }
  }

  /// Whether what comes from there comes from clients, whose addresses are said elsewhere.
  public boolean trusts(InetAddress peer) {
    return trusted.stream().anyMatch(each -> each.contains(peer));
  }

  /// Where a request comes from; nowhere = the server does not say by whom it was asked.
  Optional<InetAddress> client(HttpRequest request) {
    return request
        .getAttribute(AttributeKeys.remoteAddress)
        .flatMap(peer -> peer.getAddress())
        .map(peer -> client(peer, hops(request)));
  }

  private InetAddress client(InetAddress peer, List<String> hops) {
    InetAddress client = peer;
    for (String hop : hops.reversed()) {
      Optional<InetAddress> before = trusts(client) ? address(hop) : Optional.empty();
      if (before.isEmpty()) {
        break;
      }
      client = before.get();
    }
    return client;
  }

  /// What was written, the oldest first. Several headers of one name are one list.
  private List<String> hops(HttpRequest request) {
    if (trusted.isEmpty()) {
      return List.of();
    }
    List<String> hops = new ArrayList<>();
    request
        .getHeaders()
        .forEach(each -> {
          if (each.is(header)) {
            Collections.addAll(hops, each.value().split(",", -1));
          }
        });
    return hops;
  }

  private Optional<InetAddress> address(String hop) {
    String text = hop.strip();
    if (header.equals(FORWARDED)) {
      Matcher named = FOR.matcher(text);
      if (!named.find()) {
        return Optional.empty();
      }
      text = named.group(1).replace("\"", "");
    }
    Optional<InetAddress> bare = Network.address(text);
    Matcher parts = WITH_PORT.matcher(text);
    if (bare.isPresent() || !parts.matches()) {
      return bare;
    }
    return Network.address(parts.group(1) == null ? parts.group(2) : parts.group(1));
  }
}
