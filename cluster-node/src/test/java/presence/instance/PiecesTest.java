package presence.instance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PiecesTest {
  private final Pieces pieces = new Pieces(Map.of());

  @ParameterizedTest
  @ValueSource(strings = {"chat", "chat~hello", "chat:x", "chat/y", "CHAT~Hello", "chat~a/b:c"})
  @DisplayName("a location is on the piece its first segment names, without case (case 28)")
  void aLocationIsOnThePieceItsFirstSegmentNames(String location) {
    assertThat(pieces.shows(location, "chat")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"chatter", "cha", "", "~chat", "/chat", "docs/chat", "chat hello"})
  @DisplayName("chatter is not chat (case 28)")
  void anythingElseIsElsewhere(String location) {
    assertThat(pieces.shows(location, "chat")).isFalse();
  }

  @Test
  @DisplayName("joined with the location elsewhere, or nowhere, is not here (case 25)")
  void nowhereShowsNothing() {
    assertThat(pieces.shows(null, "chat")).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"chat, true", "garden~roses, true", "GARDEN, true", "chat-garden, false", "x, false"})
  @DisplayName("chat-NAME is viewed on chat and on NAME (case 25)")
  void aChatIsViewedOnItsNameAndOnChat(String location, boolean shown) {
    assertThat(pieces.shows(location, "chat-garden")).isEqualTo(shown);
  }

  @Nested
  class Configured {
    private final Pieces configured = new Pieces(Map.of("chat-garden", List.of("Roses", "lawn")));

    @Test
    void thePiecesReplaceTheRule() {
      assertThat(configured.shows("roses~1", "chat-garden")).isTrue();
      assertThat(configured.shows("LAWN", "chat-garden")).isTrue();
      assertThat(configured.shows("garden", "chat-garden")).isFalse();
      assertThat(configured.shows("chat", "chat-garden")).isFalse();
    }

    @Test
    void otherInstancesKeepTheRule() {
      assertThat(configured.shows("roses", "chat-roses")).isTrue();
    }
  }
}
