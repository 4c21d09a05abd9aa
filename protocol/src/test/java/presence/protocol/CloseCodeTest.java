package presence.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import presence.protocol.CloseCode.Then;

class CloseCodeTest {
  @ParameterizedTest
  @CsvSource({
    "1000, STAY_AWAY",
    "1001, RECONNECT",
    "1006, RECONNECT",
    "1009, STAY_AWAY",
    "1012, RECONNECT",
    "4300, RECONNECT",
    "4400, STAY_AWAY",
    "4401, RECONNECT",
    "4402, RECONNECT_WITH_FRESH_TOKEN",
    "4403, STAY_AWAY",
    "4408, RECONNECT",
    "4409, STAY_AWAY",
    "4410, STAY_AWAY",
    "4411, STAY_AWAY"
  })
  void eachSaysWhatTheClientDoes(int code, Then then) {
    assertThat(CloseCode.of(code))
        .hasValueSatisfying(each -> {
          assertThat(each.code()).isEqualTo(code);
          assertThat(each.then()).isEqualTo(then);
        });
    assertThat(CloseCode.then(code)).isEqualTo(then);
  }

  @Test
  void unknownCodesOfTheNetworkReconnectAndUnknownCodesOfTheApplicationDoNot() {
    assertThat(CloseCode.of(1005)).isEmpty();
    assertThat(CloseCode.then(1005)).isEqualTo(Then.RECONNECT);
    assertThat(CloseCode.then(1011)).isEqualTo(Then.RECONNECT);
    assertThat(CloseCode.then(4999)).isEqualTo(Then.STAY_AWAY);
  }

  @ParameterizedTest
  @CsvSource({
    "UNAVAILABLE, 4300", "EXPIRED_TOKEN, 4402", "BAD_TOKEN, 4403", "BAD_SIGNATURE, 4403",
    "FORBIDDEN, 4403", "UNSUPPORTED_PROTOCOL, 4400", "NO_HELLO, 4401", "BAD_JSON, 4400"
  })
  void aRefusedHelloCloses(ErrorCode error, int code) {
    assertThat(CloseCode.ofRefusedHello(error).code()).isEqualTo(code);
  }

  @ParameterizedTest
  @EnumSource(ErrorCode.class)
  void aRefusalThatMayPassIsNeverFinal(ErrorCode error) {
    Set<ErrorCode> passing =
        EnumSet.of(ErrorCode.UNAVAILABLE, ErrorCode.RATE_LIMITED, ErrorCode.NO_HELLO);
    Then then = CloseCode.ofRefusedHello(error).then();
    assertThat(then == Then.RECONNECT)
        .isEqualTo(passing.contains(error) || error == ErrorCode.INTERNAL);
  }
}
