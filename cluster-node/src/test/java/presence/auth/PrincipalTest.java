package presence.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import presence.protocol.Handle;

class PrincipalTest {
  private static final String KEY = "ab".repeat(32);
  private static final String OTHER_KEY = "cd".repeat(32);
  private static final Principal ANN = new Principal.User(Handle.of("Ann"));
  private static final Principal ANNS_KEY = new Principal.Key(KEY, KEY);
  private static final Principal NOBODY = new Principal.Anonymous();

  record Happened(Principal principal) {}

  @Test
  void aUsersPersonIsTheHandle() {
    assertThat(ANN.person()).contains("@ann");
    assertThat(ANN.handle()).contains(Handle.of("@ann"));
  }

  @Test
  void aKeysPersonIsWhoItActsFor() {
    assertThat(ANNS_KEY.person()).contains(KEY);
    assertThat(new Principal.Key(KEY, OTHER_KEY).person()).contains(OTHER_KEY);
    assertThat(ANNS_KEY.handle()).isEmpty();
  }

  @Test
  void anonymousIsNobody() {
    assertThat(NOBODY.person()).isEmpty();
    assertThat(NOBODY.handle()).isEmpty();
  }

  @Test
  void theSameIdentityIsTheSameHandle() {
    assertThat(ANN.sameIdentity(new Principal.User(Handle.of("@ANN")))).isTrue();
    assertThat(ANN.sameIdentity(new Principal.User(Handle.of("bob")))).isFalse();
  }

  @Test
  void theSameIdentityIsTheSamePublicKeyWhoeverItActsFor() {
    assertThat(ANNS_KEY.sameIdentity(new Principal.Key(KEY, OTHER_KEY))).isTrue();
    assertThat(ANNS_KEY.sameIdentity(new Principal.Key(OTHER_KEY, KEY))).isFalse();
  }

  @Test
  void aUserNamedLikeAKeyIsNotThatKey() {
    Principal user = new Principal.User(Handle.of(KEY));
    assertThat(user.sameIdentity(ANNS_KEY)).isFalse();
    assertThat(ANNS_KEY.sameIdentity(user)).isFalse();
    assertThat(user.person()).isNotEqualTo(ANNS_KEY.person());
  }

  @Test
  void anonymousIsTheSameAsNobody() {
    assertThat(NOBODY.sameIdentity(NOBODY)).isFalse();
    assertThat(NOBODY.sameIdentity(ANN)).isFalse();
    assertThat(ANN.sameIdentity(NOBODY)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "ab", "@ann"})
  void aKeyHasTheFormOfAKey(String text) {
    assertThatThrownBy(() -> new Principal.Key(text, KEY))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Principal.Key(KEY, text))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void everyPrincipalSurvivesAsAFieldOfAnEvent() throws JsonProcessingException {
    ObjectMapper mapper = new ObjectMapper();
    for (Principal each : new Principal[] {ANN, ANNS_KEY, NOBODY}) {
      String json = mapper.writeValueAsString(new Happened(each));
      assertThat(mapper.readValue(json, Happened.class)).isEqualTo(new Happened(each));
    }
    assertThat(mapper.writeValueAsString(new Happened(ANN)))
        .isEqualTo("{\"principal\":{\"type\":\"user\",\"subject\":\"@ann\"}}");
    assertThat(mapper.writeValueAsString(new Happened(NOBODY)))
        .isEqualTo("{\"principal\":{\"type\":\"anonymous\"}}");
  }
}
