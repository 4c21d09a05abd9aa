package presence.gateway.http;

import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.jspecify.annotations.Nullable;

/// The origins whose pages may open a socket and read answers. A browser says where a page comes
/// from; who says nothing is no browser, and needs no permission.
public final class Origins {
  private static final String ANY = "*";

  private final boolean any;
  private final Set<String> allowed;

  /// @param any whether every page may
  /// @param allowed `scheme://host[:port]` each; beside these only the node's own pages may
  private Origins(boolean any, Set<String> allowed) {
    this.any = any;
    this.allowed = allowed;
  }

  /// Reads the list of the configuration.
  ///
  /// @param publicUrl where the node's own pages come from, if not from the host that is asked
  /// @throws IllegalArgumentException when an entry is neither an origin nor `*`
  public static Origins of(List<String> listed, Optional<URI> publicUrl) {
    Set<String> allowed = new TreeSet<>();
    for (String entry : listed) {
      if (!entry.equals(ANY)) {
        allowed.add(
            origin(entry)
                .orElseThrow(() ->
                    new IllegalArgumentException(
                        "\"%s\" is not an origin such as https://example.org".formatted(entry))));
      }
    }
    publicUrl.flatMap(url -> origin(url.toString())).ifPresent(allowed::add);
    return new Origins(listed.contains(ANY), allowed);
  }

  /// Whether the page that makes this request may.
  boolean allow(HttpRequest request) {
    String named = header(request, "Origin");
    return named == null
        || any
        || origin(named)
            .filter(origin -> allowed.contains(origin) || isOwn(origin, request))
            .isPresent();
  }

  /// Lets the page read the answer, if it may.
  HttpResponse readable(HttpRequest request, HttpResponse answer) {
    HttpResponse varies = answer.addHeader(RawHeader.create("Vary", "Origin"));
    String named = header(request, "Origin");
    return named == null || !allow(request)
        ? varies
        : varies.addHeader(RawHeader.create("Access-Control-Allow-Origin", named));
  }

  /// Lets every page read the answer: it says nothing that is not for everybody.
  static HttpResponse readableByAll(HttpResponse answer) {
    return answer.addHeader(RawHeader.create("Access-Control-Allow-Origin", "*"));
  }

  /// Whether the page comes from the host it asks. The port says more than the scheme here: behind
  /// a proxy that ends TLS the node sees another scheme than the browser.
  private static boolean isOwn(String origin, HttpRequest request) {
    String host = header(request, "Host");
    String scheme = origin.substring(0, origin.indexOf("://"));
    return host != null && origin(scheme + "://" + host).filter(origin::equals).isPresent();
  }

  /// The normal form of an origin; empty for what is none, `null` among it.
  private static Optional<String> origin(String text) {
    try {
      URI url = URI.create(text);
      String scheme = lower(url.getScheme());
      String host = lower(url.getHost());
      if (host.isEmpty() || !(scheme.equals("http") || scheme.equals("https"))) {
        return Optional.empty();
      }
      int port = url.getPort() >= 0 ? url.getPort() : scheme.equals("https") ? 443 : 80;
      return Optional.of(scheme + "://" + host + ":" + port);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static String lower(@Nullable String text) {
    return text == null ? "" : text.toLowerCase(Locale.ROOT);
  }

  private static @Nullable String header(HttpRequest request, String name) {
    return request.getHeader(name).map(header -> header.value()).orElse(null);
  }
}
