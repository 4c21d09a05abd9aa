package presence.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import presence.testkit.TestSystem;
import presence.testkit.TestSystemExtension;

/// What earlier versions sent or wrote down is still understood. The bytes are files that are never
/// changed: [WrittenBytes] adds those of a new sample, or of one that has become another.
@ExtendWith(TestSystemExtension.class)
@Timeout(60)
class YesterdaysBytesTest {
  private final WrittenBytes written;

  YesterdaysBytesTest(TestSystem system) {
    this.written = new WrittenBytes(system.kit().system());
  }

  /// Whatever the bytes said, today's code says again; it may say more.
  @TestFactory
  Stream<DynamicTest> areReadToTheSameValue() {
    return WrittenBytes.files().stream()
        .map(file ->
            DynamicTest.dynamicTest(
                file.name(),
                () -> {
                  Remote read = written.read(file);
                  assertContains(written.tree(written.bytes(read)), written.tree(file.bytes()));
                }));
  }

  /// In a rolling update nodes of this version are told things by those of the next.
  @TestFactory
  Stream<DynamicTest> areReadAlsoWithAFieldThatALaterVersionAdds() {
    return WrittenBytes.files().stream()
        .filter(file -> written.tree(file.bytes()).isObject())
        .map(file ->
            DynamicTest.dynamicTest(
                file.name(),
                () ->
                    assertThat(written.bytes(written.readWithAFieldMore(file)))
                        .isEqualTo(written.bytes(written.read(file)))));
  }

  @Test
  void areKeptOfEverySample() {
    List<String> kept = WrittenBytes.files().stream().map(WrittenBytes.File::name).toList();

    assertThat(written.samples().map(written::name))
        .as("add what is missing with: make remember")
        .isSubsetOf(kept);
  }

  private static void assertContains(JsonNode now, JsonNode before) {
    assertThat(now.getNodeType()).as("%s, before %s", now, before).isEqualTo(before.getNodeType());
    switch (before.getNodeType()) {
      case OBJECT ->
          before
              .properties()
              .forEach(field -> {
                assertThat(now.has(field.getKey())).as("%s in %s", field.getKey(), now).isTrue();
                assertContains(now.get(field.getKey()), field.getValue());
              });
      case ARRAY -> {
        assertThat(now.size()).as("%s, before %s", now, before).isEqualTo(before.size());
        for (int i = 0; i < before.size(); i++) {
          assertContains(now.get(i), before.get(i));
        }
      }
      default -> assertThat(now).isEqualTo(before);
    }
  }
}
