package presence.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/// The AsyncAPI document names every message, each with the schema of its record.
class AsyncApiTest {
  private static final JsonNode API = Goldens.resource("schema/asyncapi.json");
  private static final JsonNode SCHEMA = Goldens.resource("schema/presence.v1.json");

  @Test
  void aNodeHearsTheClientsMessagesAndSaysItsOwn() {
    assertOperation("hear", "receive", ClientMessage.class);
    assertOperation("say", "send", ServerMessage.class);
  }

  private static void assertOperation(String name, String action, Class<?> messages) {
    JsonNode operation = API.at("/operations/" + name);
    assertThat(operation.get("action").asText()).isEqualTo(action);
    assertThat(StreamSupport.stream(operation.get("messages").spliterator(), false))
        .extracting(each -> each.get("$ref").asText())
        .containsExactlyElementsOf(
            records(messages)
                .map(each -> "#/channels/socket/messages/" + each.getSimpleName())
                .toList());
  }

  @Test
  void theChannelHasExactlyTheMessagesOfTheRecords() {
    List<String> names =
        Stream.of(ClientMessage.class, ServerMessage.class)
            .flatMap(AsyncApiTest::records)
            .map(Class::getSimpleName)
            .toList();
    assertThat(names(API.at("/channels/socket/messages"))).containsExactlyElementsOf(names);
    assertThat(names(API.at("/components/messages"))).containsExactlyElementsOf(names);
  }

  @Test
  void everyMessageRefersToItsSchemaAndCarriesItsType() {
    Stream.of(ClientMessage.class, ServerMessage.class)
        .flatMap(messages -> Goldens.types(messages).entrySet().stream())
        .forEach(type -> {
          String name = type.getValue().getSimpleName();
          JsonNode message = API.at("/components/messages/" + name);
          assertThat(message.get("name").asText()).isEqualTo(type.getKey());
          assertThat(message.get("summary").asText()).isNotBlank();
          assertThat(message.at("/payload/schema/$ref").asText())
              .isEqualTo("./presence.v1.json#/$defs/" + name);
        });
  }

  @Test
  void everyReferenceLeadsSomewhere() {
    assertThat(API.findValuesAsText("$ref"))
        .isNotEmpty()
        .allSatisfy(ref -> {
          JsonNode document = ref.startsWith("#") ? API : SCHEMA;
          assertThat(document.at(ref.substring(ref.indexOf('#') + 1)).isObject()).as(ref).isTrue();
        });
  }

  private static Stream<Class<?>> records(Class<?> messages) {
    return Goldens.types(messages).values().stream().map(each -> each);
  }

  private static Set<String> names(JsonNode node) {
    Set<String> names = new LinkedHashSet<>();
    node.fieldNames().forEachRemaining(names::add);
    return names;
  }
}
