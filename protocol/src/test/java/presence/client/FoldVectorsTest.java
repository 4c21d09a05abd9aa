package presence.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import presence.protocol.Codec;
import presence.protocol.ServerMessage;
import presence.protocol.View;

/// The vectors of the fold, shared with the JavaScript client: `presence/fold/*.json`.
class FoldVectorsTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Codec CODEC = new Codec(1 << 20, 32);

  @TestFactory
  Stream<DynamicTest> everyVectorHolds() throws IOException {
    URL directory = Objects.requireNonNull(getClass().getResource("/presence/fold"));
    try (Stream<Path> files = Files.list(new File(directory.getPath()).toPath())) {
      return files.filter(file -> file.toString().endsWith(".json")).sorted().toList().stream()
          .map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), () -> check(file)));
    }
  }

  private static void check(Path file) throws IOException {
    JsonNode vector = JSON.readTree(file.toFile());
    Fold fold = Fold.blank();
    if (vector.path("start").isObject()) {
      fold = step(fold, vector.get("start")).fold();
    }
    for (JsonNode each : vector.get("steps")) {
      Fold.Step step = step(fold, each.get("message"));
      fold = step.fold();
      if (!each.at("/message/type").asText().equals("chat:history")) { // kept by who shows it
        assertThat(step.verdict().name().toLowerCase(Locale.ROOT))
            .as(each.toString())
            .isEqualTo(each.get("verdict").asText());
      }
    }
    assertView(fold.view(), vector.get("view"));
  }

  private static Fold.Step step(Fold fold, JsonNode message) {
    List<ServerMessage> known = CODEC.decodeServerFrame(message.toString());
    return known.isEmpty()
        ? new Fold.Step(fold, Fold.Verdict.IGNORED, null)
        : fold.step(known.getFirst(), false);
  }

  private static void assertView(@Nullable View view, JsonNode expected) {
    if (view == null) {
      assertThat(expected.get("seq").isNull()).isTrue();
      return;
    }
    ObjectNode actual = JSON.createObjectNode();
    actual.put("epoch", view.at().epoch()).put("seq", view.at().seq());
    ArrayNode online = actual.putArray("online");
    view.online().values().stream()
        .sorted((a, b) -> a.id().compareTo(b.id()))
        .forEach(member -> online.add(tree(member)));
    ArrayNode here = actual.putArray("here");
    view.here().stream().sorted().forEach(here::add);
    actual.set("counts", tree(view.counts()));
    for (String field : List.of("epoch", "seq", "online", "here", "counts")) {
      assertThat(actual.get(field).toString()).as(field).isEqualTo(expected.get(field).toString());
    }
  }

  private static JsonNode tree(Object value) {
    ObjectNode tree = JSON.valueToTree(value);
    tree.properties().removeIf(field -> field.getValue().isNull());
    return tree;
  }
}
