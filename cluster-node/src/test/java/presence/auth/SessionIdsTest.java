package presence.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SessionIdsTest {
  private static final String ALPHABET =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=";
  private static final String KEY =
      "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";

  private final SessionIds ids = new SessionIds(counting(32));
  private final RandomGenerator random = new Random(7);

  private static byte[] counting(int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) i;
    }
    return bytes;
  }

  /// Computed with Python's hmac and base64.
  @Test
  void idsAreWhatAnyNodeWithTheKeyComputes() {
    assertThat(ids.derive(KEY)).isEqualTo("4f-BpmNX_LjmE3E63eFK0uwEf70Hr4vtl5923c9G");
    assertThat(ids.genuine("AAECAwQFBgcICQoLDA0OD4o25Pq-5-aWSZPuQLJx")).isTrue();
  }

  @Test
  void mintedIdsAreGenuineDistinctAndSafeInUrlsAndFileNames() {
    Set<String> minted = new HashSet<>();
    for (int i = 0; i < 1_000; i++) {
      String id = ids.mint(random);
      assertThat(id).matches("[A-Za-z0-9_-]{40}");
      assertThat(ids.genuine(id)).isTrue();
      minted.add(id);
    }
    assertThat(minted).hasSize(1_000);
  }

  @Test
  void aKeysIdIsAlwaysTheSameAndGenuine() {
    assertThat(new SessionIds(counting(32)).derive(KEY)).isEqualTo(ids.derive(KEY));
    assertThat(ids.genuine(ids.derive(KEY))).isTrue();
    assertThat(ids.derive("ab".repeat(32))).isNotEqualTo(ids.derive(KEY));
  }

  @Test
  void anIdOfAnotherClusterIsNotGenuine() {
    SessionIds others = new SessionIds(new byte[32]);
    assertThat(ids.genuine(others.mint(random))).isFalse();
    assertThat(ids.genuine(others.derive(KEY))).isFalse();
  }

  @Test
  void noOtherCharacterAnywhereIsGenuine() {
    String id = ids.mint(random);
    for (int i = 0; i < id.length(); i++) {
      for (String other : ALPHABET.split("", -1)) {
        if (!id.startsWith(other, i)) {
          assertThat(ids.genuine(id.substring(0, i) + other + id.substring(i + 1))).isFalse();
        }
      }
    }
  }

  @Test
  void anIdHasOneSpelling() {
    String id = ids.mint(random);
    assertThat(ids.genuine(id + "=")).isFalse();
    assertThat(ids.genuine(id + "A")).isFalse();
    assertThat(ids.genuine(" " + id)).isFalse();
    assertThat(ids.genuine(id.substring(0, 39))).isFalse();
    assertThat(ids.genuine(id.substring(0, 39) + "=")).isFalse();
    assertThat(ids.genuine(id.substring(0, 38) + "==")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x",
        "........................................",
        "========================================",
        "ä234567890123456789012345678901234567890",
        "漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字",
        "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0",
        "+/34567890123456789012345678901234567890"
      })
  void garbageIsNotGenuineAndDoesNotThrow(String garbage) {
    assertThat(ids.genuine(garbage)).isFalse();
    assertThat(ids.genuine(garbage.repeat(1_000))).isFalse();
  }

  @Test
  void theClusterKeyHas32Bytes() {
    for (int length : new int[] {0, 16, 31, 33}) {
      assertThatThrownBy(() -> new SessionIds(new byte[length]))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("the cluster key has 32 bytes");
    }
  }
}
