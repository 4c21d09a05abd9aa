package presence.gateway.http;

import org.apache.pekko.event.LoggingAdapter;
import org.apache.pekko.http.ParsingErrorHandler;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.scaladsl.model.ErrorInfo;
import org.apache.pekko.http.scaladsl.model.StatusCode;
import org.apache.pekko.http.scaladsl.settings.ServerSettings;
import presence.protocol.ErrorCode;

/// What a request gets that is not even HTTP, or larger than any of ours. Pekko HTTP finds this by
/// the setting `pekko.http.server.parsing.error-handler`.
///
/// Nothing is logged: it would be a line for anybody who can open a socket.
public final class BadRequests extends ParsingErrorHandler {
  /// Where Pekko HTTP looks for it: it expects a Scala object.
  @SuppressWarnings({"ConstantField", "MemberName"})
  public static final BadRequests MODULE$ = new BadRequests();

  private static final int NOT_IMPLEMENTED = 501;

  private BadRequests() {}

  @Override
  public HttpResponse handle(
      StatusCode status, ErrorInfo error, LoggingAdapter log, ServerSettings settings) {
    return Failures.secured(
        switch (status.intValue()) {
          case 413 -> Reply.tooLarge();
          case 414, 431 -> Reply.error(ErrorCode.TOO_LONG, "the URL or a header is too long");
          case NOT_IMPLEMENTED ->
              Reply.error(
                  StatusCodes.METHOD_NOT_ALLOWED,
                  ErrorCode.BAD_MESSAGE,
                  "no route has this method");
          default -> Reply.error(ErrorCode.BAD_MESSAGE, "the request cannot be read");
        });
  }
}
