package presence.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static presence.protocol.Frames.CODEC;
import static presence.protocol.Frames.message;
import static presence.protocol.Frames.quoted;
import static presence.protocol.Frames.refusal;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A hostile name is treated exactly or refused; it never becomes another name.
class HostileNamesTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "__proto__",
        "constructor",
        "toString",
        "null",
        "0",
        "a b",
        "<script>",
        "'; drop",
        "../..",
        "日本語",
        "👩‍👩‍👧",
        "مرحبا",
        "می‌خواهم",
        "%00",
        "é",
        "e\u0301"
      })
  void isTakenExactly(String name) {
    assertThat(message(join(name))).isEqualTo(new ClientMessage.Join(name, null, null, null));
    assertThat(message(CODEC.encode(message(join(name))))).isEqualTo(message(join(name)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\u0000",
        "a\u0000b",
        "a\nb",
        "\u001b[31m",
        "\u007f",
        "\u0085",
        "\u202Eevil",
        "\u2066x",
        "\u200Fx",
        "\u200Bx",
        "\uFEFFx",
        "\u2028",
        "\u2029",
        "\uD800",
        "x\uDC00y",
        "\uDC00\uD800",
        "\uDB40\uDC41"
      })
  void isRefused(String name) {
    assertThat(refusal(join(name)).code()).isEqualTo(ErrorCode.BAD_MESSAGE);
    assertThat(refusal("{\"type\":\"watch\",\"users\":[%s]}".formatted(quoted(name))).code())
        .isEqualTo(ErrorCode.BAD_MESSAGE);
    String send = "{\"type\":\"dm:send\",\"to\":%s,\"text\":\"x\",\"clientMessageId\":\"c\"}";
    assertThat(refusal(send.formatted(quoted(name))).code()).isEqualTo(ErrorCode.BAD_MESSAGE);
  }

  @Test
  void ofTenKilobytesIsTooLong() {
    assertThat(refusal(join("x".repeat(10_240))).code()).isEqualTo(ErrorCode.TOO_LONG);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\uD800", "x\uDC00", "\uDE00\uD83D"})
  void aTextWithALoneSurrogateIsRefusedBecauseNoEncodingCanKeepIt(String text) {
    String frame =
        "{\"type\":\"chat:message\",\"instance\":\"i\",\"clientMessageId\":\"c\",\"text\":%s}"
            .formatted(quoted(text));
    assertThat(refusal(frame).code()).isEqualTo(ErrorCode.BAD_MESSAGE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\uD800", "a\nb", "\u202E"})
  void tokensAndSignaturesAreVisibleCharactersToo(String text) {
    for (String frame :
        new String[] {
          "{\"type\":\"hello\",\"protocol\":1,\"token\":%s}",
          "{\"type\":\"authenticate\",\"token\":%s}",
          "{\"type\":\"hello\",\"protocol\":1,\"key\":{\"publicKey\":\"k\",\"signature\":%s}}",
          "{\"type\":\"hello\",\"protocol\":1,\"displayName\":%s}",
        }) {
      assertThat(refusal(frame.formatted(quoted(text))).code()).isEqualTo(ErrorCode.BAD_MESSAGE);
    }
  }

  @Test
  void aTextMayHoldLinesAndMarks() {
    String text = "one\ntwo\t\u202Ethree 👋";
    assertThat(
            message(
                "{\"type\":\"chat:message\",\"instance\":\"i\",\"clientMessageId\":\"c\",\"text\":%s}"
                    .formatted(quoted(text))))
        .isEqualTo(new ClientMessage.Say("i", text, "c", null));
  }

  private static String join(String name) {
    return "{\"type\":\"chat:join\",\"instance\":%s}".formatted(quoted(name));
  }
}
