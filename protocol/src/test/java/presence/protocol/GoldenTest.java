package presence.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static presence.protocol.Frames.CODEC;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Every message type has a golden file that shows each of its fields and survives the records.
class GoldenTest {
  /// Fields that a golden file cannot show, because another one excludes them.
  private static final Map<String, Set<String>> NOT_SHOWN = Map.of("hello", Set.of("token"));

  @ParameterizedTest
  @MethodSource("clientTypes")
  void aClientsMessageIsReadAndWrittenAsItStands(String type, Class<?> message) throws Exception {
    JsonNode golden = Goldens.golden("client", type);
    ClientMessage read = Frames.message(golden.toString());
    assertThat(read).isInstanceOf(message);
    assertSame(CODEC.encode(read), golden);
    assertShowsEverything(golden, type, message);
  }

  @ParameterizedTest
  @MethodSource("serverTypes")
  void aServersMessageIsReadAndWrittenAsItStands(String type, Class<?> message) throws Exception {
    JsonNode golden = Goldens.golden("server", type);
    List<ServerMessage> read = CODEC.decodeServerFrame(golden.toString());
    assertThat(read).hasSize(1).first().isInstanceOf(message);
    assertSame(CODEC.encode(read.getFirst()), golden);
    assertShowsEverything(golden, type, message);
  }

  private static void assertSame(String written, JsonNode golden) throws JsonProcessingException {
    assertThat(Goldens.JSON.readTree(written)).isEqualTo(golden);
  }

  private static void assertShowsEverything(JsonNode golden, String type, Class<?> message) {
    assertThat(Stream.of(message.getRecordComponents()).map(RecordComponent::getName))
        .allSatisfy(field ->
            assertThat(golden.has(field) || NOT_SHOWN.getOrDefault(type, Set.of()).contains(field))
                .as("%s shows %s", type, field)
                .isTrue());
  }

  static Stream<Arguments> clientTypes() {
    return types(ClientMessage.class);
  }

  static Stream<Arguments> serverTypes() {
    return types(ServerMessage.class);
  }

  private static Stream<Arguments> types(Class<?> messages) {
    return Goldens.types(messages).entrySet().stream()
        .map(type -> Arguments.of(type.getKey(), type.getValue()));
  }
}
