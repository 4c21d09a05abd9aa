package presence.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutboxTest {
  private final Outbox outbox = new Outbox();

  @Test
  void oneMessageIsItsOwnFrame() {
    outbox.add("{1}");
    assertThat(frames()).containsExactly("{1}");
  }

  @Test
  void severalAreOneArrayInOrder() {
    Stream.of("{1}", "{2}", "{3}").forEach(outbox::add);
    assertThat(frames()).containsExactly("[{1},{2},{3}]");
  }

  @Test
  void noFrameIsLongerThanTheServerReads() {
    outbox.limit(12);
    Stream.of("{1}", "{2}", "{3}", "{4}", "{é}").forEach(outbox::add);
    assertThat(frames())
        .containsExactly("[{1},{2}]", "[{3},{4}]", "{é}")
        .allMatch(frame -> frame.getBytes(UTF_8).length <= 12);
  }

  @Test
  void aFrameOfTheApplicationStaysAloneAndInOrder() {
    outbox.add("{1}");
    outbox.addFrame("[");
    outbox.add("{2}");
    outbox.add("{3}");
    assertThat(frames()).containsExactly("{1}", "[", "[{2},{3}]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a", "é", "日", "👋", "a é 日 👋"})
  void bytesAreThoseOfUtf8(String text) {
    assertThat(Outbox.bytes(text)).isEqualTo(text.getBytes(UTF_8).length);
  }

  private List<String> frames() {
    List<String> frames = new ArrayList<>();
    for (String frame = outbox.next(); frame != null; frame = outbox.next()) {
      frames.add(frame);
    }
    return frames;
  }
}
