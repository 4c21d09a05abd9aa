package presence.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static presence.protocol.Frames.CODEC;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SpecVersion.VersionFlag;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import presence.protocol.Codec.Element;

/// The schema takes what the codec takes.
class SchemaTest {
  private static final JsonNode DOCUMENT = Goldens.resource("schema/presence.v1.json");
  private static final JsonSchemaFactory FACTORY =
      JsonSchemaFactory.getInstance(VersionFlag.V202012);
  private static final JsonSchema CLIENT = schema("ClientFrame");
  private static final JsonSchema SERVER = schema("ServerFrame");
  private static final Set<String> SETTINGS = Set.of("slug", "location", "displayName");

  @Test
  void isItselfValid() {
    JsonSchema meta = FACTORY.getSchema(SchemaLocation.of(DOCUMENT.get("$schema").asText()));
    assertThat(meta.validate(DOCUMENT)).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("clientFrames")
  void aGoldenClientFrameIsValidAloneAndInAnArray(String frame) {
    assertThat(errors(CLIENT, frame)).isEmpty();
    assertThat(errors(CLIENT, "[" + frame + "," + frame + "]")).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("serverFrames")
  void aGoldenServerFrameIsValidAloneAndInAnArray(String frame) {
    assertThat(errors(SERVER, frame)).isEmpty();
    assertThat(errors(SERVER, "[" + frame + "," + frame + "]")).isEmpty();
  }

  @Test
  void withoutOneOfItsFieldsAClientFrameIsValidWhereTheCodecTakesIt() {
    for (String frame : Goldens.clientFrames()) {
      ObjectNode golden = (ObjectNode) tree(frame);
      golden
          .fieldNames()
          .forEachRemaining(field -> {
            String without = golden.deepCopy().without(field).toString();
            assertThat(errors(CLIENT, without).isEmpty()).as(without).isEqualTo(decodes(without));
          });
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[]",
        "{}",
        "7",
        "null",
        "{\"type\":\"nope\"}",
        "[[{\"type\":\"bye\"}]]",
        "{\"type\":\"hello\",\"protocol\":1,\"token\":\"t\",\"key\":{\"publicKey\":\"k\"}}",
        "{\"type\":\"location\"}",
        "{\"type\":\"chat:join\",\"instance\":\"a\\u0000\"}",
        "{\"type\":\"chat:join\",\"instance\":\"i\",\"roster\":\"FULL\"}",
        "{\"type\":\"chat:join\",\"instance\":\"i\",\"since\":{\"epoch\":1,\"seq\":9007199254740992}}",
      })
  void whatTheCodecRefusesIsInvalid(String frame) {
    assertThat(decodes(frame)).isFalse();
    assertThat(errors(CLIENT, frame)).isNotEmpty();
  }

  @Test
  void whateverTheCodecTakesIsValidButForNullsThatItTakesForAbsent() {
    SplittableRandom random = new SplittableRandom(42);
    Mutations mutations = new Mutations(random, Goldens.clientFrames());
    int taken = 0;
    for (int i = 0; i < 5_000; i++) {
      String frame = mutations.next();
      if (decodes(frame)) {
        taken++;
        JsonNode tree = tree(frame);
        dropNulls(tree);
        assertThat(CLIENT.validate(tree)).as(frame).isEmpty();
      }
    }
    assertThat(taken).isGreaterThan(100);
  }

  /// Null means absent, but for the settings, for which it is a value.
  private static void dropNulls(JsonNode node) {
    node.forEach(SchemaTest::dropNulls);
    if (node instanceof ObjectNode object) {
      object.remove(
          object.properties().stream()
              .filter(field -> field.getValue().isNull() && !SETTINGS.contains(field.getKey()))
              .map(field -> field.getKey())
              .toList());
    }
  }

  private static boolean decodes(String frame) {
    return CODEC.decodeFrame(frame).stream().allMatch(Element.Message.class::isInstance);
  }

  private static List<String> errors(JsonSchema schema, String frame) {
    return schema.validate(tree(frame)).stream().map(error -> error.getMessage()).toList();
  }

  private static JsonNode tree(String frame) {
    try {
      return Goldens.JSON.readTree(frame);
    } catch (JsonProcessingException e) {
      throw new AssertionError(frame, e);
    }
  }

  private static JsonSchema schema(String definition) {
    ObjectNode schema = DOCUMENT.deepCopy();
    schema.remove("anyOf");
    schema.remove("$id");
    return FACTORY.getSchema(schema.put("$ref", "#/$defs/" + definition));
  }

  static Stream<String> clientFrames() {
    return Goldens.frames("client", ClientMessage.class);
  }

  static Stream<String> serverFrames() {
    return Goldens.frames("server", ServerMessage.class);
  }
}
