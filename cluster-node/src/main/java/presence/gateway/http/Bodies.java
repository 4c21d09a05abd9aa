package presence.gateway.http;

import static org.apache.pekko.http.javadsl.server.Directives.extractStrictEntity;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import org.apache.pekko.http.javadsl.server.Route;
import presence.protocol.ErrorCode;
import presence.protocol.InvalidMessage;

/// Reads the bodies of requests, bounded in length and time, whatever their content type says.
final class Bodies {
  private static final int DEPTH_MAX = 4;

  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(DEPTH_MAX)
                          .maxNumberLength(32)
                          .build())
                  .build())
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .build();

  private final HttpLimits limits;

  Bodies(HttpLimits limits) {
    this.limits = limits;
  }

  /// Hands on the body as text.
  Route text(Function<String, Route> then) {
    return extractStrictEntity(
        limits.answerWithin(),
        limits.bodyBytesMax(),
        body -> then.apply(body.getData().decodeString(StandardCharsets.UTF_8)));
  }

  /// Hands on the body as the object that its JSON says.
  <T> Route json(Class<T> type, Function<T, Route> then) {
    return text(body -> then.apply(read(type, body)));
  }

  private static <T> T read(Class<T> type, String body) {
    try {
      T read = JSON.readValue(body, type);
      if (read == null) {
        throw new InvalidMessage(ErrorCode.BAD_MESSAGE, "the body is a JSON object");
      }
      return read;
    } catch (JsonMappingException e) {
      throw e.getCause() instanceof InvalidMessage why
          ? why
          : new InvalidMessage(
              ErrorCode.BAD_MESSAGE, "a field of the body is missing or has the wrong type");
    } catch (JacksonException e) {
      throw new InvalidMessage(ErrorCode.BAD_JSON, "the body is no JSON text");
    }
  }
}
