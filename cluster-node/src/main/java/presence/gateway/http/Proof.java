package presence.gateway.http;

import static org.apache.pekko.http.javadsl.server.Directives.complete;
import static org.apache.pekko.http.javadsl.server.Directives.extractRequest;
import static org.apache.pekko.http.javadsl.server.Directives.onSuccess;

import java.util.Locale;
import java.util.Optional;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.http.javadsl.server.Route;
import presence.auth.TokenVerifier.Verdict;
import presence.protocol.ErrorCode;

/// Lets only those in who prove that they are somebody, by a bearer token, where a node requires
/// that of sessions too.
final class Proof {
  private static final String SCHEME = "bearer ";

  private Proof() {}

  static Route required(Site site, Route inner) {
    return site.around().proofRequired()
        ? extractRequest(request ->
            token(request)
                .<Route>map(token ->
                    onSuccess(
                        site.around().tokens().verify(token), verdict -> judged(verdict, inner)))
                .orElseGet(
                    () -> complete(error(ErrorCode.UNAUTHENTICATED, "a bearer token is missing"))))
        : inner;
  }

  private static Optional<String> token(HttpRequest request) {
    return request
        .getHeader("Authorization")
        .map(header -> header.value())
        .filter(value -> value.toLowerCase(Locale.ROOT).startsWith(SCHEME))
        .map(value -> value.substring(SCHEME.length()).strip());
  }

  private static Route judged(Verdict verdict, Route inner) {
    return switch (verdict) {
      case Verdict.Accepted accepted -> inner;
      case Verdict.Refused refused -> complete(error(refused.code(), refused.message()));
    };
  }

  private static HttpResponse error(ErrorCode code, String message) {
    return Reply.error(code, message).addHeader(RawHeader.create("WWW-Authenticate", "Bearer"));
  }
}
