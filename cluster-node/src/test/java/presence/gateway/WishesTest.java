package presence.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import java.util.SplittableRandom;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import presence.auth.SessionIds;
import presence.instance.ChatInstance;
import presence.protocol.ClientMessage;
import presence.protocol.ErrorCode;
import presence.protocol.InvalidMessage;
import presence.session.Action;
import presence.user.Address;

class WishesTest {
  private static final int TEXT_MAX = 5;
  private static final String KEY = "0123456789abcdef".repeat(4);

  private final SessionIds sessionIds = new SessionIds(new byte[32]);
  private final Wishes wishes =
      new Wishes(TEXT_MAX, 2048, sessionIds, TestInbox.<ChatInstance.Answer>create().getRef());

  private static ClientMessage.Send send(String to, String text) {
    return new ClientMessage.Send(to, text, "d1", "r1");
  }

  @Nested
  class ADirectMessage {
    @ParameterizedTest
    @ValueSource(strings = {"@ann", "ann", "@Ann", "ＡＮＮ"})
    void isForThePersonOfAHandleHoweverItIsWritten(String to) {
      assertThat(wishes.of(send(to, "psst")))
          .isEqualTo(new Action.Send(new Address.Person("@ann"), "psst", "d1"));
    }

    @Test
    void isForThePersonOfAKey() {
      assertThat(wishes.of(send(KEY, "psst")))
          .isEqualTo(new Action.Send(new Address.Person(KEY), "psst", "d1"));
    }

    @Test
    void isForTheSessionOfAGenuineId() {
      String session = sessionIds.mint(new SplittableRandom(1));
      assertThat(wishes.of(send(session, "psst")))
          .isEqualTo(new Action.Send(new Address.Session(session), "psst", "d1"));
    }

    @Test
    void isForNoSessionWhoseIdIsForged() {
      byte[] otherKey = new byte[32];
      otherKey[0] = 1;
      String forged = new SessionIds(otherKey).mint(new SplittableRandom(1));
      assertThat(wishes.of(send(forged, "psst")))
          .isInstanceOfSatisfying(
              Action.Send.class, wish -> assertThat(wish.to()).isInstanceOf(Address.Person.class));
    }

    @ParameterizedTest
    @ValueSource(strings = {"no body", "a/b", "@", "<script>"})
    void isForNobodyWhomNoNameNames(String to) {
      refused(send(to, "psst"), ErrorCode.BAD_MESSAGE);
    }

    @Test
    void hasAtMostAsManyCharactersAsAChatMessage() {
      assertThat(wishes.of(send("@ann", "😀".repeat(TEXT_MAX)))).isNotNull();
      refused(send("@ann", "x".repeat(TEXT_MAX + 1)), ErrorCode.TOO_LONG);
      refused(
          new ClientMessage.Say("lobby", "x".repeat(TEXT_MAX + 1), "m1", null), ErrorCode.TOO_LONG);
    }
  }

  @Test
  void whatArrivedIsSaidAsItIs() {
    assertThat(wishes.of(new ClientMessage.Acknowledge(List.of("a", "b"), null)))
        .isEqualTo(new Action.Acknowledge(List.of("a", "b")));
  }

  @Test
  void personsAreWatchedOnceHoweverOftenTheyAreNamed() {
    assertThat(wishes.of(new ClientMessage.Watch(List.of("@ann", "ANN", KEY), null)))
        .isEqualTo(new Action.Watch(List.of("@ann", KEY)));
  }

  @Test
  void aPongAsksForNothing() {
    assertThat(wishes.of(new ClientMessage.Pong(null))).isNull();
  }

  private void refused(ClientMessage message, ErrorCode code) {
    assertThatExceptionOfType(InvalidMessage.class)
        .isThrownBy(() -> wishes.of(message))
        .extracting(InvalidMessage::code)
        .isEqualTo(code);
  }
}
