package presence.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static presence.protocol.Frames.CODEC;
import static presence.protocol.Frames.message;
import static presence.protocol.Frames.refusal;

import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import presence.protocol.Codec.Element;

class CodecFrameTest {
  @Nested
  class NoJson {
    @ParameterizedTest
    @ValueSource(
        strings = {
          "",
          " ",
          "\n",
          "{",
          "[",
          "hello",
          "{\"type\":\"bye\"",
          "{\"type\":\"bye\",}",
          "[{},]",
          "{\"type\":\"bye\"}{\"type\":\"bye\"}",
          "{\"type\":\"bye\"} x",
          "[]]",
          "{'type':'bye'}",
          "{type:\"bye\"}",
          "{\"type\":\"bye\" /* c */}",
          "{\"limit\":01}",
          "{\"limit\":+1}",
          "{\"limit\":.5}",
          "{\"limit\":NaN}",
          "{\"limit\":-Infinity}",
          "\"\u0001\"",
          "\"\\x\"",
          "{\"type\":\"bye\",\"type\":\"pong\"}",
          "{\"type\":\"bye\",\"ref\":\"1\",\"ref\":\"1\"}",
          "{\"type\":\"bye\",\"x\":{\"a\":1,\"a\":1}}",
          "\uFEFF\u0000{\"type\":\"bye\"}"
        })
    void isRefusedAsAWhole(String frame) {
      assertThat(refusal(frame).code()).isEqualTo(ErrorCode.BAD_JSON);
    }

    @Test
    void oneBadElementOfAnArrayThatIsNoJsonRefusesTheFrame() {
      assertThat(refusal("[{\"type\":\"bye\"},{\"type\":]").code()).isEqualTo(ErrorCode.BAD_JSON);
    }

    @Test
    void doesNotComeBackInTheAnswer() {
      String hostile = "\u202Ex".repeat(5_000);
      for (String frame : List.of(hostile, "{\"%s\":1,\"%s\":2}".formatted(hostile, hostile))) {
        ServerMessage.Error error = refusal(frame);
        assertThat(error.code()).isEqualTo(ErrorCode.BAD_JSON);
        assertThat(error.message()).doesNotContain("\u202E").hasSizeLessThan(200);
      }
    }
  }

  @Nested
  class Limits {
    @Test
    void aFrameNestsThirtyTwoDeepAndNotDeeper() {
      assertThat(refusal(nested(32)).code()).isEqualTo(ErrorCode.BAD_MESSAGE);
      assertThat(refusal(nested(33)).code()).isEqualTo(ErrorCode.BAD_JSON);
      assertThat(refusal(nested(30_000)).code()).isEqualTo(ErrorCode.BAD_JSON);
    }

    @Test
    void anUnknownFieldNestsThirtyTwoDeepAndNotDeeper() {
      String deepest = "{\"type\":\"bye\",\"x\":" + nested(31) + "}";
      assertThat(message(deepest)).isEqualTo(new ClientMessage.Bye(null));
      String deeper = "{\"type\":\"bye\",\"x\":" + nested(32) + "}";
      assertThat(refusal(deeper).code()).isEqualTo(ErrorCode.BAD_JSON);
    }

    @Test
    void aNumberHasAtMostThirtyTwoDigits() {
      assertThat(message(unknown("9".repeat(32)))).isEqualTo(new ClientMessage.Bye(null));
      assertThat(refusal(unknown("9".repeat(33))).code()).isEqualTo(ErrorCode.BAD_JSON);
      assertThat(refusal(unknown("9".repeat(60_000))).code()).isEqualTo(ErrorCode.BAD_JSON);
      assertThat(message(unknown("1e999999999"))).isEqualTo(new ClientMessage.Bye(null));
    }

    @Test
    void aFrameIsAtMostAsLongAsTheCodecReads() {
      Codec small = new Codec(100, 32);
      assertThat(small.decodeFrame(unknown("\"" + "x".repeat(70) + "\"")))
          .first()
          .isInstanceOf(Element.Message.class);
      assertThat(small.decodeFrame(unknown("\"" + "x".repeat(80) + "\"")))
          .first()
          .isInstanceOf(Element.Refusal.class);
    }

    private static String nested(int depth) {
      return "[".repeat(depth) + "]".repeat(depth);
    }

    private static String unknown(String value) {
      return "{\"type\":\"bye\",\"x\":%s}".formatted(value);
    }
  }

  @Nested
  class Arrays {
    @Test
    void hasItsElementsInOrder() {
      assertThat(CODEC.decodeFrame("[{\"type\":\"pong\"},{\"type\":\"bye\"}]"))
          .containsExactly(
              new Element.Message(new ClientMessage.Pong(null)),
              new Element.Message(new ClientMessage.Bye(null)));
    }

    @Test
    void eachElementStandsOrFallsByItself() {
      List<Element> elements =
          CODEC.decodeFrame("[{\"type\":\"nope\",\"ref\":\"a\"},{\"type\":\"bye\"},7,[],null,{}]");
      assertThat(elements).hasSize(6);
      assertThat(((Element.Refusal) elements.getFirst()).error())
          .satisfies(error -> assertThat(error.code()).isEqualTo(ErrorCode.UNKNOWN_TYPE))
          .satisfies(error -> assertThat(error.ref()).isEqualTo("a"));
      assertThat(elements.get(1)).isInstanceOf(Element.Message.class);
      assertThat(elements.subList(2, 6))
          .allSatisfy(element ->
              assertThat(((Element.Refusal) element).error().code())
                  .isEqualTo(ErrorCode.BAD_MESSAGE));
    }

    @Test
    void anEmptyOneIsABadMessage() {
      assertThat(refusal("[]").code()).isEqualTo(ErrorCode.BAD_MESSAGE);
    }

    @Test
    void anArrayInAnArrayIsNoMessage() {
      assertThat(refusal("[[{\"type\":\"bye\"}]]").code()).isEqualTo(ErrorCode.BAD_MESSAGE);
    }
  }

  @Nested
  class Types {
    @ParameterizedTest
    @ValueSource(strings = {"nope", "", "Hello", "hello ", "presence", "welcome", "__proto__"})
    void thatNoClientMessageHasAreUnknown(String type) {
      ServerMessage.Error error = refusal("{\"type\":\"%s\",\"ref\":\"r\"}".formatted(type));
      assertThat(error.code()).isEqualTo(ErrorCode.UNKNOWN_TYPE);
      assertThat(error.ref()).isEqualTo("r");
      assertThat(error.retryable()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "true", "null", "[\"bye\"]", "{\"type\":\"bye\"}", "1.5"})
    void mustBeTexts(String type) {
      ServerMessage.Error error = refusal("{\"type\":%s,\"ref\":\"r\"}".formatted(type));
      assertThat(error.code()).isEqualTo(ErrorCode.BAD_MESSAGE);
      assertThat(error.ref()).isEqualTo("r");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"ref\":\"r\"}", "null", "7", "\"bye\"", "true"})
    void mustBeThere(String frame) {
      assertThat(refusal(frame).code()).isEqualTo(ErrorCode.BAD_MESSAGE);
    }

    @Test
    void mayStandLast() {
      assertThat(message("{\"ref\":\"r\",\"type\":\"bye\"}")).isEqualTo(new ClientMessage.Bye("r"));
    }
  }

  @Nested
  class Echoes {
    @Test
    void aRefusalCarriesRefAndClientMessageId() {
      ServerMessage.Error error =
          refusal(
              "{\"type\":\"chat:message\",\"instance\":\"i\",\"clientMessageId\":\"c\",\"ref\":\"r\"}");
      assertThat(error.code()).isEqualTo(ErrorCode.BAD_MESSAGE);
      assertThat(error.message()).contains("text");
      assertThat(error.ref()).isEqualTo("r");
      assertThat(error.clientMessageId()).isEqualTo("c");
    }

    @Test
    void whatIsNoRefIsNotEchoed() {
      for (String ref : List.of("7", "null", "[]", "\"%s\"".formatted("x".repeat(65)))) {
        assertThat(refusal("{\"type\":\"bye\",\"ref\":[],\"x\":%s}".formatted(ref)).ref()).isNull();
        assertThat(refusal("{\"type\":\"nope\",\"ref\":%s}".formatted(ref)).ref()).isNull();
      }
      assertThat(refusal("{\"type\":\"nope\",\"ref\":\"\\ud800\"}").ref()).isNull();
      assertThat(refusal("{\"type\":\"nope\",\"ref\":\"\\u0007\"}").ref()).isNull();
    }
  }

  @Nested
  class FramesOfAServer {
    @Test
    void leaveOutWhatANewerServerMayAdd() {
      assertThat(
              CODEC.decodeServerFrame(
                  "[{\"type\":\"ping\",\"new\":1},{\"type\":\"new\"},{\"type\":\"ok\",\"ref\":\"r\"}]"))
          .containsExactly(new ServerMessage.Ping(), new ServerMessage.Ok("r"));
    }

    @Test
    void takeAnUnknownErrorCodeForInternal() {
      assertThat(
              CODEC.decodeServerFrame(
                  "{\"type\":\"error\",\"code\":\"new_word\",\"message\":\"m\",\"retryable\":true}"))
          .containsExactly(
              new ServerMessage.Error(ErrorCode.INTERNAL, "m", null, true, null, null, null));
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "",
          "null",
          "7",
          "{}",
          "[null]",
          "[[]]",
          "{\"type\":7}",
          "{",
          "{\"type\":\"ok\""
        })
    void thatAreNoneAreRefused(String frame) {
      assertThatThrownBy(() -> CODEC.decodeServerFrame(frame)).isInstanceOf(InvalidMessage.class);
    }
  }
}
