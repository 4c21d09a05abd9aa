package presence.gateway.http;

import static org.apache.pekko.http.javadsl.server.Directives.complete;
import static org.apache.pekko.http.javadsl.server.Directives.extractMaterializer;
import static org.apache.pekko.http.javadsl.server.Directives.extractRequest;
import static org.apache.pekko.http.javadsl.server.Directives.onSuccess;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.cfg.MutableCoercionConfig;
import com.fasterxml.jackson.databind.deser.std.StringDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.type.LogicalType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.RequestEntity;
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
          .withCoercionConfig(LogicalType.Textual, Bodies::refuseScalars)
          .addModule(new SimpleModule().addDeserializer(String.class, new WellFormed()))
          .build();

  /// An escape can make half a character, which nobody could write down.
  private static final class WellFormed extends StringDeserializer {
    private static final long serialVersionUID = 1L;

    @Override
    public String deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      String text = super.deserialize(parser, context);
      if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
        throw new InvalidMessage(ErrorCode.BAD_MESSAGE, "a text holds half a character");
      }
      return text;
    }
  }

  private static void refuseScalars(MutableCoercionConfig texts) {
    texts.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail);
    texts.setCoercion(CoercionInputShape.Float, CoercionAction.Fail);
    texts.setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail);
  }

  private final HttpLimits limits;

  Bodies(HttpLimits limits) {
    this.limits = limits;
  }

  /// Hands on the body as text.
  Route text(Function<String, Route> then) {
    return extractRequest(request ->
        extractMaterializer(materializer -> {
          RequestEntity body = request.entity();
          return body.getContentLengthOption().orElse(0) > limits.bodyBytesMax()
              ? complete(Reply.tooLarge())
              : onSuccess(
                  body.withSizeLimit(limits.bodyBytesMax())
                      .toStrict(limits.answerWithin().toMillis(), materializer)
                      .exceptionally(Bodies::failed),
                  read -> then.apply(read.getData().decodeString(StandardCharsets.UTF_8)));
        }));
  }

  private static HttpEntity.Strict failed(Throwable failure) {
    throw failure instanceof TimeoutException
        ? new InvalidMessage(ErrorCode.BAD_MESSAGE, "the body did not come in time")
        : new CompletionException(failure);
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
