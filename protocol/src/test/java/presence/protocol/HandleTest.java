package presence.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HandleTest {
  @ParameterizedTest
  @CsvSource({
    "A,@a", "@A,@a", "@a,@a", "ＡＮＮ,@ann", "＠ann,@ann", "ﬁn,@fin", "Straße,@strasse",
    "STRASSE,@strasse", "É,@é", "E\u0301,@é", "K,@k", "ΑΣ,@ας", "ας,@ας", "a.b_c-1,@a.b_c-1",
    "İ,@i̇", "ẞ,@ss", "Ⅷ,@viii", "日本,@日本"
  })
  void spellingsOfOneHandleAreEqual(String written, String normal) {
    assertThat(Handle.of(written).value()).isEqualTo(normal);
    assertThat(Handle.of(normal)).isEqualTo(Handle.of(written)).hasToString(normal);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "@",
        "@@a",
        "a b",
        " a",
        "a\u0000",
        "a/b",
        "a~b",
        "a:b",
        "\u202Ea",
        "a\u200Bb",
        "a\u200Db",
        "\uD800",
        "a@b",
        "<b>",
        "👋"
      })
  void whatIsNoHandleIsABadMessage(String text) {
    assertThatThrownBy(() -> Handle.of(text))
        .isInstanceOfSatisfying(
            InvalidMessage.class,
            invalid -> assertThat(invalid.code()).isEqualTo(ErrorCode.BAD_MESSAGE));
  }

  @Test
  void hasSixtyFourCharactersAfterNormalisation() {
    assertThat(Handle.of("x".repeat(64)).value()).hasSize(65);
    assertThat(Handle.of("@" + "x".repeat(64)).value()).hasSize(65);
    for (String text : new String[] {"x".repeat(65), "ﬁ".repeat(33), "x".repeat(10_240)}) {
      assertThatThrownBy(() -> Handle.of(text)).isInstanceOf(InvalidMessage.class);
    }
  }

  @Test
  void theRecordTakesOnlyTheNormalForm() {
    assertThat(new Handle("@ann")).isEqualTo(Handle.of("Ann"));
    assertThatIllegalArgumentException().isThrownBy(() -> new Handle("@Ann"));
    assertThatIllegalArgumentException().isThrownBy(() -> new Handle("ann"));
  }

  @Test
  void everyCharacterIsTakenOrRefusedAndItsNormalFormIsFinal() {
    for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
      takenOrRefused(Character.toString(c));
    }
  }

  @Test
  void everyTextIsTakenOrRefusedAndItsNormalFormIsFinal() {
    SplittableRandom random = new SplittableRandom(7);
    for (int i = 0; i < 50_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int n = random.nextInt(5) + 1; n > 0; n--) {
        text.appendCodePoint(random.nextInt(random.nextBoolean() ? 0x600 : 0x1_0000));
      }
      takenOrRefused(text.toString());
    }
  }

  private static void takenOrRefused(String text) {
    Handle handle = handle(text);
    if (handle != null) {
      String again = Handle.of(handle.value().substring(1)).value();
      if (!again.equals(handle.value()) || !Handle.of(again).equals(handle)) {
        fail("'%s' becomes %s, and that %s".formatted(text, handle, again));
      }
    }
  }

  private static @Nullable Handle handle(String text) {
    try {
      return Handle.of(text);
    } catch (InvalidMessage refused) {
      return null;
    }
  }
}
