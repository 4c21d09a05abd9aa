package presence.protocol;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.cfg.MutableCoercionConfig;
import com.fasterxml.jackson.databind.exc.InvalidTypeIdException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Reads frames into messages and writes messages into frames, strictly: no coercion between types,
/// bounded depth, length and numbers; unknown fields are ignored.
///
/// A frame is one message or an array of messages; each element stands or falls by itself.
public final class Codec {
  private static final int NUMBER_LENGTH_MAX = 32;
  private static final Map<Class<?>, String> SERVER_TYPES =
      Stream.of(ServerMessage.class.getAnnotation(JsonSubTypes.class).value())
          .collect(Collectors.toUnmodifiableMap(JsonSubTypes.Type::value, JsonSubTypes.Type::name));

  private final ObjectReader trees;
  private final ObjectReader clientMessages;
  private final ObjectReader serverMessages;
  private final ObjectWriter writer;

  /// @param frameBytesMax the longest text that is read
  /// @param depthMax how deep a frame may nest
  public Codec(int frameBytesMax, int depthMax) {
    StreamReadConstraints constraints =
        StreamReadConstraints.builder()
            .maxDocumentLength(frameBytesMax)
            .maxStringLength(frameBytesMax)
            .maxNestingDepth(depthMax)
            .maxNumberLength(NUMBER_LENGTH_MAX)
            .build();
    JsonMapper mapper =
        JsonMapper.builder(JsonFactory.builder().streamReadConstraints(constraints).build())
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .withCoercionConfigDefaults(texts -> texts.setAcceptBlankAsEmpty(false))
            .withCoercionConfig(LogicalType.Textual, Codec::refuseScalars)
            .defaultPropertyInclusion(
                JsonInclude.Value.construct(
                    JsonInclude.Include.NON_NULL, JsonInclude.Include.ALWAYS))
            .build();
    trees = mapper.reader();
    clientMessages = mapper.readerFor(ClientMessage.class);
    serverMessages =
        mapper
            .readerFor(ServerMessage.class)
            .with(DeserializationFeature.READ_UNKNOWN_ENUM_VALUES_USING_DEFAULT_VALUE);
    writer = mapper.writer();
  }

  private static void refuseScalars(MutableCoercionConfig texts) {
    texts.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail);
    texts.setCoercion(CoercionInputShape.Float, CoercionAction.Fail);
    texts.setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail);
  }

  /// One element of a client's frame: a message, or why it is none.
  public sealed interface Element {
    /// A well-formed message.
    record Message(ClientMessage message) implements Element {}

    /// The answer to an element that is no message.
    record Refusal(ServerMessage.Error error) implements Element {}
  }

  /// Reads a client's frame. Never throws for anything the frame may hold.
  public List<Element> decodeFrame(String frame) {
    JsonNode root;
    try {
      root = trees.readTree(frame);
    } catch (JacksonException e) {
      return List.of(refusal(ErrorCode.BAD_JSON, noJson(e), null));
    }
    if (root.isMissingNode()) {
      return List.of(refusal(ErrorCode.BAD_JSON, "the frame is empty", null));
    }
    if (!root.isArray()) {
      return List.of(decode(root));
    }
    if (root.isEmpty()) {
      return List.of(refusal(ErrorCode.BAD_MESSAGE, "the array is empty", null));
    }
    List<Element> elements = new ArrayList<>(root.size());
    root.forEach(node -> elements.add(decode(node)));
    return elements;
  }

  private Element decode(JsonNode node) {
    if (!node.path("type").isTextual()) {
      return refusal(ErrorCode.BAD_MESSAGE, "a message is an object with a type", node);
    }
    try {
      return new Element.Message(clientMessages.readValue(node));
    } catch (InvalidTypeIdException e) {
      return refusal(ErrorCode.UNKNOWN_TYPE, "no message has this type", node);
    } catch (JsonMappingException e) {
      return e.getCause() instanceof InvalidMessage why
          ? refusal(why.code(), String.valueOf(why.getMessage()), node)
          : refusal(ErrorCode.BAD_MESSAGE, illTyped(e), node);
    } catch (IOException e) {
      return refusal(ErrorCode.BAD_MESSAGE, "the message cannot be read", node);
    }
  }

  /// Where, not what: the parser's own words repeat the frame's.
  private static String noJson(JacksonException e) {
    if (e instanceof StreamConstraintsException) {
      return "the frame is too long, nests too deep or holds too long a number";
    }
    JsonLocation at = e.getLocation();
    return at == null
        ? "the frame is no JSON text"
        : "the frame is no JSON text: line %d, column %d"
            .formatted(at.getLineNr(), at.getColumnNr());
  }

  private static String illTyped(JsonMappingException e) {
    String path =
        e.getPath().stream()
            .map(step -> step.getFieldName() == null ? "[]" : step.getFieldName())
            .collect(Collectors.joining("."));
    return (path.isEmpty() ? "a field" : path) + " is missing or has the wrong type";
  }

  private static Element refusal(ErrorCode code, String message, @Nullable JsonNode node) {
    return new Element.Refusal(
        new ServerMessage.Error(
            code,
            message,
            text(node, "ref", Checks.REF_LENGTH_MAX),
            false,
            null,
            null,
            text(node, "clientMessageId", Checks.NAME_LENGTH_MAX)));
  }

  /// What of a refused message may be echoed: a short text, or nothing.
  private static @Nullable String text(@Nullable JsonNode node, String field, int max) {
    String text = node == null ? null : node.path(field).textValue();
    return Checks.nameOrNull(text, max);
  }

  /// Reads a server's frame.
  ///
  /// @throws InvalidMessage when it is none; a message of an unknown type is left out, so that a
  ///   client outlives the additions of a newer server
  public List<ServerMessage> decodeServerFrame(String frame) {
    try {
      JsonNode root = trees.readTree(frame);
      List<ServerMessage> messages = new ArrayList<>();
      for (JsonNode node : root.isArray() ? root : List.of(root)) {
        if (!node.isObject()) {
          throw new InvalidMessage(ErrorCode.BAD_MESSAGE, "a server's message is an object");
        }
        decodeServer(node, messages);
      }
      return messages;
    } catch (IOException e) {
      throw new InvalidMessage(ErrorCode.BAD_MESSAGE, "not a server's frame: " + e.getMessage());
    }
  }

  private void decodeServer(JsonNode node, List<ServerMessage> messages) throws IOException {
    try {
      messages.add(serverMessages.readValue(node));
    } catch (InvalidTypeIdException e) {
      if (!node.path("type").isTextual()) {
        throw e;
      }
    }
  }

  /// Writes one message; [#frame] makes a frame of several.
  public String encode(ServerMessage message) {
    return write(message);
  }

  /// Writes one message; [#frame] makes a frame of several.
  public String encode(ClientMessage message) {
    return write(message);
  }

  private String write(Object message) {
    try {
      return writer.writeValueAsString(message);
    } catch (JacksonException e) {
      throw new IllegalStateException("a message that cannot be written: " + message, e);
    }
  }

  /// This text as JSON.
  public String quote(String text) {
    return write(text);
  }

  /// The `type` that names this message on the wire.
  public static String typeOf(ServerMessage message) {
    return Objects.requireNonNull(SERVER_TYPES.get(message.getClass()));
  }

  /// One frame of messages already encoded: the message itself, or an array of them.
  public static String frame(List<String> messages) {
    return messages.size() == 1
        ? messages.getFirst()
        : messages.stream().collect(Collectors.joining(",", "[", "]"));
  }
}
