package presence.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static presence.protocol.Frames.CODEC;
import static presence.protocol.Frames.message;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Absent, null and a text are three different things, both ways.
class SettingTest {
  @Test
  void absentSetsNothing() {
    assertThat(hello("{\"type\":\"hello\",\"protocol\":1}").location()).isNull();
    assertThat(CODEC.encode(hello((Setting) null))).doesNotContain("location");
  }

  @Test
  void nullSetsToNothing() {
    assertThat(hello("{\"type\":\"hello\",\"protocol\":1,\"location\":null}").location())
        .isEqualTo(Setting.NONE);
    assertThat(CODEC.encode(hello(Setting.NONE))).contains("\"location\":null");
  }

  @Test
  void aTextSetsToIt() {
    assertThat(hello("{\"type\":\"hello\",\"protocol\":1,\"location\":\"null\"}").location())
        .isEqualTo(Setting.to("null"));
    assertThat(CODEC.encode(hello(Setting.to("x")))).contains("\"location\":\"x\"");
  }

  @Test
  void eachSurvivesTheWire() {
    for (@Nullable Setting setting :
        new @Nullable Setting[] {null, Setting.NONE, Setting.to("x")}) {
      assertThat(message(CODEC.encode(hello(setting)))).isEqualTo(hello(setting));
    }
  }

  @Test
  void toNullIsNone() {
    assertThat(Setting.to(null)).isSameAs(Setting.NONE);
  }

  @Test
  void aLocationOfNullIsALocation() {
    assertThat(message("{\"type\":\"location\",\"slug\":null}"))
        .isEqualTo(new ClientMessage.Location(Setting.NONE, null, null));
  }

  private static ClientMessage.Hello hello(@Nullable Setting location) {
    return new ClientMessage.Hello(1, null, null, null, location, null, null, null, null);
  }

  private static ClientMessage.Hello hello(String frame) {
    return (ClientMessage.Hello) message(frame);
  }
}
