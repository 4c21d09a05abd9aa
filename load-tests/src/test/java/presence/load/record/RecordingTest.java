package presence.load.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordingTest {
  private static final InstantSource CLOCK = InstantSource.fixed(Instant.ofEpochMilli(7));

  @TempDir Path directory;

  @Test
  void whatIsWrittenIsRead() {
    try (Recorder recorder = Recorder.create(directory.resolve("c1.jsonl"), CLOCK);
        Recorder run = Recorder.create(directory.resolve(Line.RUN), CLOCK)) {
      recorder.write(at -> new Line.Client(at, "c1", "@ann", 90_000));
      recorder.write(at -> new Line.Acks(at, List.of("L1")));
      recorder.frame("{\"type\":\"ping\"}");
      recorder.frame("no JSON");
      run.write(at -> new Line.Mark(at, "kill", "node-1"));
    }
    assertThat(Recording.ofAll(directory))
        .singleElement()
        .satisfies(recording -> {
          assertThat(recording.client()).isEqualTo(new Line.Client(7, "c1", "@ann", 90_000));
          assertThat(recording.lines())
              .containsExactly(
                  recording.client(),
                  new Line.Acks(7, List.of("L1")),
                  new Line.Frame(7, JsonNodeFactory.instance.objectNode().put("type", "ping")),
                  new Line.Frame(7, JsonNodeFactory.instance.textNode("no JSON")));
        });
    assertThat(Recording.marks(directory)).containsExactly(new Line.Mark(7, "kill", "node-1"));
  }

  @Test
  void whatComesAfterTheEndIsNotWritten() throws IOException {
    Path file = directory.resolve("c1.jsonl");
    Recorder recorder = Recorder.create(file, CLOCK);
    recorder.close();
    recorder.frame("{}");
    assertThat(file).isEmptyFile();
  }

  @Test
  void aFileThatSaysNotWhoItIsIsNone() throws IOException {
    Files.writeString(directory.resolve("c1.jsonl"), "{\"is\":\"bye\",\"at\":1}\n");
    assertThatIllegalArgumentException().isThrownBy(() -> Recording.ofAll(directory));
  }
}
