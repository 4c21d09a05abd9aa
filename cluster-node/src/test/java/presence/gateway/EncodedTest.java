package presence.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import presence.protocol.ChatMessage;
import presence.protocol.ClientMessage.RosterMode;
import presence.protocol.Codec;
import presence.protocol.Counts;
import presence.protocol.ErrorCode;
import presence.protocol.Member;
import presence.protocol.ServerMessage;

class EncodedTest {
  private static final Codec CODEC = new Codec(64 * 1024, 32);
  private static final Counts NOBODY = new Counts(0, 0, 0, 0);
  private static final String LONG = "x".repeat(2_000);
  private static final ServerMessage.Limits LIMITS =
      new ServerMessage.Limits(1, 1, 1, 1, 1, 1, 1, 1);
  private static final Member ANN = new Member("u_ann", "ann", null);

  static Stream<ServerMessage> open() {
    return Stream.of(
        new ServerMessage.Presence(
            LONG, 1, 1, RosterMode.FULL, List.of(), List.of(), NOBODY, true, null, null),
        new ServerMessage.Roster(LONG, 1, 1, List.of(), List.of(), NOBODY, null, null),
        new ServerMessage.Delta(
            LONG, 1, 1, 2, List.of(), List.of(), List.of(), List.of(), List.of(), NOBODY, null),
        new ServerMessage.Said(LONG, 1, 1, "id", ANN, LONG, 1, null, null),
        new ServerMessage.CountsChange(LONG, 1, 1, 2, NOBODY, null),
        new ServerMessage.History(LONG, List.<ChatMessage>of()));
  }

  static Stream<ServerMessage> secret() {
    return Stream.of(
        new ServerMessage.Direct("id", ANN, LONG, 1, false),
        new ServerMessage.Welcome(
            "session", ANN, false, 1, false, LONG, 1, 1, LIMITS, null, List.of(), List.of(), null),
        new ServerMessage.Authenticated(ANN, LONG),
        new ServerMessage.Error(ErrorCode.BAD_MESSAGE, LONG, null, false, null, null, null),
        new ServerMessage.Closing(1012, LONG, 1),
        new ServerMessage.Challenge(LONG, null),
        new ServerMessage.Ok(LONG),
        new ServerMessage.Accepted("id", LONG, null));
  }

  @ParameterizedTest
  @MethodSource("open")
  void whatAllMembersMayReadIsCompressible(ServerMessage message) {
    Encoded encoded = Encoded.of(CODEC, message);
    assertThat(encoded.payload().isCompressible()).isTrue();
    assertThat(encoded.withRef(CODEC, "r").payload().isCompressible()).isTrue();
    assertThat(encoded.forOne().payload().isCompressible()).isFalse();
    assertThat(encoded.forOne().utf8()).isEqualTo(encoded.utf8());
  }

  @ParameterizedTest
  @MethodSource("secret")
  void whatOneReadsAloneIsNot(ServerMessage message) {
    assertThat(Encoded.of(CODEC, message).payload().isCompressible()).isFalse();
  }

  @Test
  void norIsWhatMembersOfTwoInstancesRead() {
    Encoded one = Encoded.of(CODEC, new ServerMessage.History(LONG, List.<ChatMessage>of()));
    Encoded other =
        Encoded.of(CODEC, new ServerMessage.History("b" + LONG, List.<ChatMessage>of()));
    assertThat(Encoded.frame(List.of(one, one)).isCompressible()).isTrue();
    assertThat(Encoded.frame(List.of(one, other)).isCompressible()).isFalse();
  }

  @Test
  void nothingIsThatHoldsAnythingOfTheSecond() {
    List<Encoded> open = open().map(each -> Encoded.of(CODEC, each)).toList();
    assertThat(Encoded.frame(open).isCompressible()).isTrue();
    List<Encoded> mixed =
        Stream.concat(open(), secret()).map(each -> Encoded.of(CODEC, each)).toList();
    assertThat(Encoded.frame(mixed).isCompressible()).isFalse();
  }
}
