package presence.gateway.http;

import static java.util.stream.Collectors.joining;
import static org.apache.pekko.http.javadsl.server.Directives.complete;
import static org.apache.pekko.http.javadsl.server.Directives.extractMaterializer;
import static org.apache.pekko.http.javadsl.server.Directives.extractRequest;
import static org.apache.pekko.http.javadsl.server.Directives.handleExceptions;
import static org.apache.pekko.http.javadsl.server.Directives.mapResponse;

import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.http.javadsl.server.ExceptionHandler;
import org.apache.pekko.http.javadsl.server.MethodRejection;
import org.apache.pekko.http.javadsl.server.Rejection;
import org.apache.pekko.http.javadsl.server.RejectionHandler;
import org.apache.pekko.http.javadsl.server.Route;
import org.apache.pekko.http.scaladsl.model.EntityStreamException;
import org.apache.pekko.http.scaladsl.model.EntityStreamSizeException;
import org.apache.pekko.http.scaladsl.model.IllegalRequestException;
import org.apache.pekko.http.scaladsl.model.IllegalUriException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import presence.protocol.ErrorCode;
import presence.protocol.InvalidMessage;

/// What a request gets that no route answers, or whose route fails: always a typed error. And what
/// every answer has: headers that forbid a browser to do more with it than it is for.
public final class Failures {
  private static final Logger log = LoggerFactory.getLogger(Failures.class);

  private static final HttpHeader NO_STORE = RawHeader.create("Cache-Control", "no-store");
  private static final HttpHeader NO_CONTENT =
      RawHeader.create(
          "Content-Security-Policy", "default-src 'none'; base-uri 'none'; frame-ancestors 'none'");
  private static final List<HttpHeader> ALWAYS =
      List.of(
          RawHeader.create("X-Content-Type-Options", "nosniff"),
          RawHeader.create("Referrer-Policy", "no-referrer"));

  private Failures() {}

  /// The route, completed to one that answers everything.
  public static Route sealed(Route route) {
    Route sealed = route.seal(rejections(), exceptions());
    return mapResponse(Failures::secured, () -> drained(() -> sealed));
  }

  /// The route, its failures turned to answers.
  static Route caught(Route route) {
    return handleExceptions(exceptions(), () -> route);
  }

  static HttpResponse secured(HttpResponse answer) {
    if (answer.status().equals(StatusCodes.SWITCHING_PROTOCOLS)) {
      return answer;
    }
    HttpResponse secured = answer.addHeaders(ALWAYS);
    secured = has(answer, NO_STORE) ? secured : secured.addHeader(NO_STORE);
    return has(answer, NO_CONTENT) ? secured : secured.addHeader(NO_CONTENT);
  }

  private static boolean has(HttpResponse answer, HttpHeader header) {
    return answer.getHeader(header.name()).isPresent();
  }

  /// Reads what a request has no business to carry, so that its answer does not close the
  /// connection.
  private static Route drained(Supplier<Route> inner) {
    return extractRequest(request ->
        extractMaterializer(materializer -> {
          if (!request.method().equals(HttpMethods.POST)) {
            request.discardEntityBytes(materializer);
          }
          return inner.get();
        }));
  }

  private static RejectionHandler rejections() {
    return RejectionHandler.newBuilder()
        .handleAll(MethodRejection.class, Failures::wrongMethod)
        .handleAll(
            Rejection.class,
            all -> complete(Reply.error(ErrorCode.BAD_MESSAGE, "the request cannot be read")))
        .handleNotFound(complete(Reply.error(ErrorCode.NOT_FOUND, "there is nothing here")))
        .build();
  }

  private static Route wrongMethod(List<MethodRejection> rejected) {
    String allowed =
        rejected.stream().map(each -> each.supported().name()).distinct().collect(joining(", "));
    return complete(
        Reply.error(
                StatusCodes.METHOD_NOT_ALLOWED, ErrorCode.BAD_MESSAGE, "here one can " + allowed)
            .addHeader(RawHeader.create("Allow", allowed)));
  }

  private static ExceptionHandler exceptions() {
    return ExceptionHandler.newBuilder().matchAny(failure -> complete(answer(failure))).build();
  }

  private static HttpResponse answer(Throwable failure) {
    return switch (failure) {
      case CompletionException wrapped when wrapped.getCause() != null ->
          answer(wrapped.getCause());
      case InvalidMessage invalid ->
          Reply.error(invalid.code(), String.valueOf(invalid.getMessage()));
      case EntityStreamSizeException tooLarge -> Reply.tooLarge();
      case EntityStreamException broken ->
          Reply.error(ErrorCode.BAD_MESSAGE, "the body ends too early");
      case IllegalUriException bad -> Reply.error(ErrorCode.BAD_MESSAGE, "no such URL is possible");
      case IllegalRequestException bad ->
          Reply.error(ErrorCode.BAD_MESSAGE, "the request cannot be read");
      case TimeoutException late ->
          Reply.error(ErrorCode.UNAVAILABLE, "there is no answer just now; try again");
      default -> {
        log.error("A request failed", failure);
        yield Reply.error(ErrorCode.INTERNAL, "the server made a mistake");
      }
    };
  }
}
