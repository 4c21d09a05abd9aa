package presence.gateway.http;

import static org.apache.pekko.http.javadsl.server.Directives.complete;
import static org.apache.pekko.http.javadsl.server.Directives.extractRequest;
import static org.apache.pekko.http.javadsl.server.Directives.pathPrefix;
import static org.apache.pekko.http.javadsl.server.Directives.reject;
import static org.apache.pekko.http.javadsl.server.PathMatchers.segment;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.http.javadsl.server.Route;
import presence.protocol.ErrorCode;

/// Who may ask and do what is under `/v1/admin`: whoever shows the token of the configuration.
/// Without one there, nothing is.
public final class Operators {
  private Operators() {}

  /// The routes below `/v1/admin`, for operators only.
  public static Route only(Optional<String> token, Supplier<Route> inner) {
    return token
        .map(wanted ->
            pathPrefix(
                segment("v1").slash("admin"),
                () ->
                    extractRequest(request ->
                        shows(request, wanted) ? inner.get() : complete(unauthenticated()))))
        .orElseGet(() -> reject());
  }

  /// Compares in constant time: how long the answer takes says nothing of the token.
  private static boolean shows(HttpRequest request, String token) {
    String shown = request.getHeader("Authorization").map(header -> header.value()).orElse("");
    String scheme = "bearer ";
    return shown.toLowerCase(Locale.ROOT).startsWith(scheme)
        && MessageDigest.isEqual(
            shown.substring(scheme.length()).getBytes(StandardCharsets.UTF_8),
            token.getBytes(StandardCharsets.UTF_8));
  }

  private static HttpResponse unauthenticated() {
    return Reply.error(ErrorCode.UNAUTHENTICATED, "this is for operators, who show their token")
        .addHeader(RawHeader.create("WWW-Authenticate", "Bearer"));
  }
}
