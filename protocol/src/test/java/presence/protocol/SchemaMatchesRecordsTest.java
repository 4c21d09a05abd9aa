package presence.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The schema and the records say the same, component by component.
class SchemaMatchesRecordsTest {
  private static final JsonNode DEFINITIONS =
      Goldens.resource("schema/presence.v1.json").get("$defs");

  /// Definitions that stand for no record: frames, unions and plain values.
  private static final Set<String> PLAIN =
      Set.of(
          "ClientFrame",
          "ServerFrame",
          "ClientMessage",
          "ServerMessage",
          "CloseCode",
          "Ref",
          "Instance",
          "Piece",
          "AvatarId",
          "Coordinate",
          "PersonId",
          "PersonRef",
          "Recipient",
          "MessageId",
          "ClientMessageId",
          "Slug",
          "DisplayName",
          "Epoch",
          "Seq",
          "Time",
          "Millis",
          "Size");

  /// Components that are never null in the record although the field may be left out.
  private static final Set<String> WITH_DEFAULT =
      Set.of("Resume.instances", "Delta.renamed", "Welcome.worlds");

  private static final Map<Type, String> JSON_TYPES =
      Map.of(
          String.class, "string",
          int.class, "integer",
          Integer.class, "integer",
          double.class, "number",
          Double.class, "number",
          long.class, "integer",
          Long.class, "integer",
          boolean.class, "boolean",
          Boolean.class, "boolean");

  @ParameterizedTest
  @MethodSource("records")
  void aRecordHasItsPropertiesAndNoOthers(Class<?> record) {
    JsonNode definition = definition(record);
    Set<String> expected = names(record, component -> true);
    Set<String> required = names(record, component -> required(record, component));
    if (isMessage(record)) {
      expected.add("type");
      required.add("type");
    }
    assertThat(fields(definition.path("properties"))).isEqualTo(expected);
    assertThat(texts(definition.get("required"))).isEqualTo(required);
    assertThat(definition.path("additionalProperties").isMissingNode())
        .as("unknown fields are ignored")
        .isTrue();
  }

  @ParameterizedTest
  @MethodSource("records")
  void aPropertyHasTheTypeOfItsComponentAndAMeaning(Class<?> record) {
    assertThat(definition(record).path("description").asText()).isNotBlank();
    for (RecordComponent component : record.getRecordComponents()) {
      JsonNode property = definition(record).at("/properties/" + component.getName());
      String name = record.getSimpleName() + "." + component.getName();
      assertType(name, property, component.getGenericType());
      String meaning = property.path("description").asText();
      assertThat(meaning + resolve(property).path("description").asText()).as(name).isNotBlank();
    }
  }

  @Test
  void everyMessageIsInItsUnionUnderItsType() {
    assertUnion(ClientMessage.class);
    assertUnion(ServerMessage.class);
  }

  private static void assertUnion(Class<?> messages) {
    Map<String, Class<?>> types = Goldens.types(messages);
    assertThat(types.values()).containsExactlyInAnyOrder(messages.getPermittedSubclasses());
    assertThat(refs(DEFINITIONS.at("/" + messages.getSimpleName() + "/oneOf")))
        .containsExactlyElementsOf(types.values().stream().map(Class::getSimpleName).toList());
    types.forEach((type, message) ->
        assertThat(definition(message).at("/properties/type/const").asText()).isEqualTo(type));
  }

  @Test
  void theEnumsAreThoseOfTheCode() {
    assertThat(constants("ErrorCode").map(JsonNode::asText))
        .containsExactlyElementsOf(Stream.of(ErrorCode.values()).map(ErrorCode::word).toList());
    assertThat(constants("CloseCode").map(JsonNode::asInt))
        .containsExactlyElementsOf(Stream.of(CloseCode.values()).map(CloseCode::code).toList());
    assertThat(texts(DEFINITIONS.at("/RosterMode/enum")))
        .containsExactlyElementsOf(
            Stream.of(ClientMessage.RosterMode.values()).map(mode -> mode.word()).toList());
    assertThat(texts(DEFINITIONS.at("/Fate/enum")))
        .containsExactlyElementsOf(
            Stream.of(ServerMessage.Fate.values()).map(fate -> fate.word()).toList());
    assertThat(texts(DEFINITIONS.at("/Parting/enum")))
        .containsExactlyElementsOf(
            Stream.of(ServerMessage.Parting.values()).map(parting -> parting.word()).toList());
  }

  @Test
  void noDefinitionStandsForNothing() {
    Set<String> expected = new LinkedHashSet<>(PLAIN);
    reachable().forEach(type -> expected.add(type.getSimpleName()));
    assertThat(fields(DEFINITIONS)).isEqualTo(expected);
  }

  static Stream<Class<?>> records() {
    return reachable().stream().filter(Class::isRecord);
  }

  /// All records and enums that messages are made of.
  private static Set<Class<?>> reachable() {
    Deque<Class<?>> open = new ArrayDeque<>(Goldens.types(ClientMessage.class).values());
    open.addAll(Goldens.types(ServerMessage.class).values());
    Set<Class<?>> found = new LinkedHashSet<>();
    while (!open.isEmpty()) {
      Class<?> next = open.pop();
      if (found.add(next) && next.isRecord()) {
        Stream.of(next.getRecordComponents())
            .map(component -> element(component.getAnnotatedType()))
            .filter(type -> type.getPackageName().equals("presence.protocol"))
            .filter(type -> type != Setting.class && type != Json.class)
            .forEach(open::push);
      }
    }
    return found;
  }

  private static Class<?> element(AnnotatedType type) {
    return type instanceof AnnotatedParameterizedType list
        ? (Class<?>) list.getAnnotatedActualTypeArguments()[0].getType()
        : (Class<?>) type.getType();
  }

  private static void assertType(String name, JsonNode property, Type type) {
    JsonNode definition = resolve(property);
    if (type instanceof ParameterizedType list) {
      assertThat(list.getRawType()).isEqualTo(List.class);
      assertThat(definition.path("type").asText()).as(name).isEqualTo("array");
      assertType(name + "[]", definition.get("items"), list.getActualTypeArguments()[0]);
    } else if (type == Setting.class) {
      assertThat(texts(definition.get("type"))).as(name).isEqualTo(Set.of("string", "null"));
    } else if (type == Json.class) {
      assertThat(definition.path("type").asText("object")).as(name).isEqualTo("object");
    } else if (JSON_TYPES.containsKey(type)) {
      assertThat(definition.path("type").asText()).as(name).isEqualTo(JSON_TYPES.get(type));
    } else {
      assertThat(property.path("$ref").asText())
          .as(name)
          .isEqualTo("#/$defs/" + ((Class<?>) type).getSimpleName());
    }
  }

  private static boolean required(Class<?> record, RecordComponent component) {
    boolean optional =
        component.getAnnotatedType().isAnnotationPresent(Nullable.class)
            || WITH_DEFAULT.contains(record.getSimpleName() + "." + component.getName());
    assertThat(optional || component.getAnnotation(JsonInclude.class) == null).isTrue();
    return !optional;
  }

  private static boolean isMessage(Class<?> record) {
    return ClientMessage.class.isAssignableFrom(record)
        || ServerMessage.class.isAssignableFrom(record);
  }

  private static Set<String> names(Class<?> record, Predicate<RecordComponent> of) {
    return Stream.of(record.getRecordComponents())
        .filter(of)
        .map(RecordComponent::getName)
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  private static JsonNode definition(Class<?> type) {
    JsonNode definition = DEFINITIONS.path(type.getSimpleName());
    assertThat(definition.isObject()).as("a definition of %s", type).isTrue();
    return definition;
  }

  private static JsonNode resolve(JsonNode property) {
    return property.has("$ref")
        ? DEFINITIONS.path(property.get("$ref").asText().substring("#/$defs/".length()))
        : property;
  }

  private static Stream<JsonNode> constants(String definition) {
    JsonNode each = DEFINITIONS.at("/" + definition + "/oneOf");
    assertThat(each).allSatisfy(one -> assertThat(one.path("description").asText()).isNotBlank());
    return StreamSupport.stream(each.spliterator(), false).map(one -> one.get("const"));
  }

  private static List<String> refs(JsonNode union) {
    return StreamSupport.stream(union.spliterator(), false)
        .map(each -> each.get("$ref").asText().substring("#/$defs/".length()))
        .toList();
  }

  private static Set<String> fields(JsonNode object) {
    Set<String> names = new LinkedHashSet<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }

  private static Set<String> texts(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false)
        .map(JsonNode::asText)
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }
}
