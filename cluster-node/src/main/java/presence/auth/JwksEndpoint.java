package presence.auth;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/// The URL at which an issuer publishes its keys. Whoever answers there can be anyone: outside a
/// trusted network it must be `https`.
public final class JwksEndpoint implements KeySetSource {
  /// Connecting, asking and reading together: less than a client's patience with a hello.
  public static final Duration TIMEOUT = Duration.ofSeconds(2);

  /// Far more than the keys of any issuer.
  private static final long BYTES_MAX = 256 * 1024;

  private static final int OK = 200;

  private final HttpClient http;
  private final HttpRequest request;
  private final Duration timeout;

  /// An endpoint that is asked only when [#fetch] is called.
  ///
  /// @param http does the work on its own executor and should follow no redirect; is the caller's
  ///   to close
  /// @param timeout bounds a whole fetch
  /// @throws IllegalArgumentException when the URL is not one of `http` or `https`
  public JwksEndpoint(URI url, HttpClient http, Duration timeout) {
    this.http = http;
    this.timeout = timeout;
    this.request =
        HttpRequest.newBuilder(url)
            .version(HttpClient.Version.HTTP_1_1) // asking for an upgrade upsets some servers
            .header("Accept", "application/jwk-set+json, application/json")
            .timeout(timeout)
            .build();
  }

  @Override
  public CompletionStage<String> fetch() {
    CompletableFuture<HttpResponse<String>> exchange;
    try {
      exchange =
          http.sendAsync(
              request,
              BodyHandlers.limiting(BodyHandlers.ofString(StandardCharsets.UTF_8), BYTES_MAX));
    } catch (RejectedExecutionException e) {
      return CompletableFuture.failedFuture(new IOException("no thread is free to ask", e));
    }
    CompletableFuture<String> body =
        exchange
            .thenApply(JwksEndpoint::body)
            .orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS); // the body may hang as well
    return body.whenComplete((_, _) -> exchange.cancel(true)); // nothing outlives the wait
  }

  private static String body(HttpResponse<String> response) {
    if (response.statusCode() != OK) {
      throw new CompletionException(new IOException("status " + response.statusCode()));
    }
    return response.body();
  }

  @Override
  public String toString() {
    return request.uri().getHost();
  }
}
