package presence.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.reflect.InvocationTargetException;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import presence.testkit.Manifests;
import presence.testkit.RenderedManifests;

/// The API server would take every resource: no field that is unknown, none of the wrong type, none
/// missing. By the types of the Kubernetes client, which are made of the API's own schema.
class ManifestSchemaTest {
  /// Defined by others than Kubernetes; ManifestsTest looks at what matters in them.
  private static final Set<String> FOREIGN = Set.of("monitoring.coreos.com/v1");

  @TestFactory
  Stream<DynamicTest> everyResourceIsOneThatTheApiKnows() {
    return RenderedManifests.overlays().stream()
        .flatMap(overlay ->
            Manifests.of(overlay).resources().stream()
                .filter(resource -> !FOREIGN.contains(resource.path("apiVersion").asText()))
                .map(resource ->
                    DynamicTest.dynamicTest(
                        "%s %s %s"
                            .formatted(
                                overlay,
                                resource.path("kind").asText(),
                                resource.at("/metadata/name").asText()),
                        () -> parse(resource))));
  }

  @Test
  void aFieldThatThereIsNotIsRefused() {
    JsonNode misspelt = Manifests.of("prod").one("Deployment", "presence");
    ((ObjectNode) misspelt.at("/spec/template/spec")).put("terminationGraceSeconds", 1);

    assertThatThrownBy(() -> parse(misspelt)).hasMessageContaining("terminationGraceSeconds");
  }

  @Test
  void aValueOfTheWrongTypeIsRefused() {
    JsonNode wrong = Manifests.of("prod").one("Deployment", "presence");
    ((ObjectNode) wrong.path("spec")).put("minReadySeconds", "soon");

    assertThatThrownBy(() -> parse(wrong)).hasMessageContaining("soon");
  }

  private static void parse(JsonNode resource) throws Exception {
    String version = resource.path("apiVersion").asText().replaceFirst(".*/", "");
    String type = version.toUpperCase(Locale.ROOT) + resource.path("kind").asText();
    Class<?> known = Class.forName("io.kubernetes.client.openapi.models." + type);
    try {
      assertThat(known.getMethod("fromJson", String.class).invoke(null, resource.toString()))
          .isNotNull();
    } catch (InvocationTargetException e) {
      throw new AssertionError(String.valueOf(e.getCause()), e);
    }
  }
}
