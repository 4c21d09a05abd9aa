package presence.gateway.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCode;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import presence.protocol.ErrorCode;

/// The answers of a node: JSON, and errors as `{"code","message"}`.
public final class Reply {
  /// What a client is asked to wait where the node cannot know better: one flush, one failover
  /// step.
  private static final HttpHeader RETRY_AFTER = RawHeader.create("Retry-After", "1");

  private static final JsonMapper JSON = new JsonMapper();

  private record Error(ErrorCode code, String message) {}

  private Reply() {}

  public static HttpResponse json(StatusCode status, Object body) {
    try {
      return json(status, JSON.writeValueAsString(body));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("an answer that cannot be written: " + body, e);
    }
  }

  /// An answer that is JSON already.
  static HttpResponse json(StatusCode status, String json) {
    return HttpResponse.create()
        .withStatus(status)
        .withEntity(ContentTypes.APPLICATION_JSON, json.getBytes(StandardCharsets.UTF_8));
  }

  public static HttpResponse nothing() {
    return HttpResponse.create().withStatus(StatusCodes.NO_CONTENT);
  }

  /// The error of this code, under the status that goes with it.
  public static HttpResponse error(ErrorCode code, String message) {
    return error(status(code), code, message);
  }

  static HttpResponse error(StatusCode status, ErrorCode code, String message) {
    HttpResponse error = json(status, new Error(code, message));
    return code.retryable() ? error.addHeader(RETRY_AFTER) : error;
  }

  /// There were too many of these from one address.
  static HttpResponse tooMany(String message, Duration wait) {
    long seconds = Math.max(1, wait.plusMillis(999).toSeconds());
    return json(StatusCodes.TOO_MANY_REQUESTS, new Error(ErrorCode.RATE_LIMITED, message))
        .addHeader(RawHeader.create("Retry-After", String.valueOf(seconds)));
  }

  static HttpResponse tooLarge() {
    return error(
        StatusCodes.CONTENT_TOO_LARGE, ErrorCode.TOO_LONG, "the body is too long for this");
  }

  private static StatusCode status(ErrorCode code) {
    return switch (code) {
      case UNAUTHENTICATED, BAD_TOKEN, EXPIRED_TOKEN, BAD_SIGNATURE -> StatusCodes.UNAUTHORIZED;
      case FORBIDDEN, NOT_JOINED, MUTED, FILTERED -> StatusCodes.FORBIDDEN;
      case NOT_FOUND, UNKNOWN_RECIPIENT, RESUME_EXPIRED -> StatusCodes.NOT_FOUND;
      case CONFLICT, NOT_ATTACHED -> StatusCodes.CONFLICT;
      case RATE_LIMITED -> StatusCodes.TOO_MANY_REQUESTS;
      case UNAVAILABLE, MAILBOX_FULL, INSTANCE_FULL -> StatusCodes.SERVICE_UNAVAILABLE;
      case INTERNAL -> StatusCodes.INTERNAL_SERVER_ERROR;
      case BAD_JSON,
          BAD_MESSAGE,
          UNKNOWN_TYPE,
          NO_HELLO,
          SECOND_HELLO,
          UNSUPPORTED_PROTOCOL,
          TIMESTAMP_SKEW,
          TOO_LONG ->
          StatusCodes.BAD_REQUEST;
    };
  }
}
