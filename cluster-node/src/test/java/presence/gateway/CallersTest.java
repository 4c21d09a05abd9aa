package presence.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import presence.session.Rate;

class CallersTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private Instant now = Instant.parse("2026-03-01T12:00:00Z");
  private final List<Callers.Limit> refused = new ArrayList<>();
  private int remembered;
  private final Callers callers =
      new Callers(
          new Callers.Limits(
              3,
              2,
              1,
              new Rate(60, MINUTE, 4),
              new Rate(60, MINUTE, 3),
              new Rate(60, MINUTE, 2),
              new Rate(6, MINUTE, 2),
              10),
          List.of(Network.parse("127.0.0.0/8")),
          () -> now,
          new GatewayMeter() {
            @Override
            public void refuses(Callers.Limit limit) {
              refused.add(limit);
            }

            @Override
            public void callers(int known) {
              remembered = known;
            }
          });
  private final Caller mallory = caller("203.0.113.9");
  private final Caller ann = caller("203.0.113.8");

  private Caller caller(String address) {
    return callers.at(InetAddress.ofLiteral(address)).orElseThrow();
  }

  @Test
  void whoHasAsManyConnectionsAsAllowedGetsNoFurtherOneUntilOneEnds() {
    for (int i = 0; i < 3; i++) {
      assertThat(callers.connects(mallory)).isTrue();
    }

    assertThat(callers.connects(mallory)).isFalse();
    assertThat(callers.connects(ann)).as("others are not concerned").isTrue();
    callers.disconnects(mallory);
    assertThat(callers.connects(mallory)).isTrue();
    assertThat(refused).containsExactly(Callers.Limit.CONNECTIONS);
  }

  @Test
  void whoHasAsManySocketsAsAllowedGetsNoFurtherOneUntilOneEnds() {
    Visit first = open();
    Visit second = open();

    assertThat(callers.mayOpen(mallory)).isPositive();
    assertThat(callers.mayOpen(ann)).isZero();
    first.end();
    assertThat(callers.mayOpen(mallory)).isZero();
    second.end();
    assertThat(refused).containsExactly(Callers.Limit.SOCKETS);
  }

  private Visit open() {
    assertThat(callers.mayOpen(mallory)).isZero();
    return Visit.begin(callers, mallory);
  }

  @Test
  void socketsMayBeOpenedOnlySoOftenAndWhoWaitsAsToldMayAgain() {
    for (int i = 0; i < 4; i++) {
      open().end();
    }

    Duration wait = callers.mayOpen(mallory);
    assertThat(wait).isEqualTo(Duration.ofSeconds(1));
    now = now.plus(wait);
    assertThat(callers.mayOpen(mallory)).isZero();
    assertThat(callers.mayOpen(mallory)).isPositive();
    assertThat(refused).containsExactly(Callers.Limit.OPENS, Callers.Limit.OPENS);
  }

  @Test
  void helloMayBeSaidOnlySoOften() {
    Visit visit = open();
    for (int i = 0; i < 3; i++) {
      assertThat(visit.greets(false)).isZero();
    }

    assertThat(visit.greets(true)).isEqualTo(Duration.ofSeconds(1));
    assertThat(refused).containsExactly(Callers.Limit.HELLOS);
  }

  @Test
  void questionsMayBeAskedOnlySoOften() {
    assertThat(callers.mayAsk(mallory)).isZero();
    assertThat(callers.mayAsk(mallory)).isZero();

    assertThat(callers.mayAsk(mallory)).isEqualTo(Duration.ofSeconds(1));
    assertThat(callers.mayAsk(ann)).isZero();
    assertThat(refused).containsExactly(Callers.Limit.REQUESTS);
  }

  @Test
  void whoFailsTooOftenMayNotGuessFurtherButItsNeighboursKeepTheirSessions() {
    Visit visit = open();
    visit.failed();
    visit.failed();
    visit.failed();

    assertThat(visit.greets(false)).isEqualTo(Duration.ofSeconds(10));
    assertThat(visit.greets(true)).isZero();
    now = now.plusSeconds(10);
    assertThat(visit.greets(false)).isZero();
    assertThat(refused).containsExactly(Callers.Limit.FAILURES);
  }

  @Test
  void soManyOfItsSocketsMayBeNobodysAndWhoProvesThemselvesMakesRoom() {
    Visit first = open();
    Visit second = open();

    assertThat(first.mayBeAnonymous()).isTrue();
    assertThat(first.mayBeAnonymous()).as("it is already").isTrue();
    assertThat(second.mayBeAnonymous()).isFalse();
    first.isAnonymous(false);
    assertThat(second.mayBeAnonymous()).isTrue();
    second.end();
    assertThat(first.mayBeAnonymous()).isTrue();
    assertThat(refused).containsExactly(Callers.Limit.ANONYMOUS);
  }

  @Test
  void whoResumesASessionOfNobodyIsCountedAndNotRefused() {
    open().isAnonymous(true);
    Visit other = open();
    other.isAnonymous(true);
    other.end();

    assertThat(Visit.begin(callers, mallory).mayBeAnonymous()).isFalse();
  }

  @Test
  void theMachineItselfIsNotLimited() {
    assertThat(callers.at(InetAddress.ofLiteral("127.8.8.8"))).isEmpty();
    assertThat(Visit.FREE.greets(false)).isZero();
    assertThat(Visit.FREE.mayBeAnonymous()).isTrue();
  }

  @Test
  void aHouseholdIsOneCallerHoweverManyAddressesItTakes() {
    assertThat(caller("2001:db8:1:2::1")).isEqualTo(caller("2001:db8:1:2:ffff::9"));
    assertThat(caller("2001:db8:1:2::1")).isNotEqualTo(caller("2001:db8:1:3::1"));
    assertThat(caller("::ffff:203.0.113.9")).isEqualTo(mallory);
    assertThat(caller("0:0:cb00:7109::")).as("the same number").isNotEqualTo(mallory);
  }

  @Test
  void aMillionAddressesTakeNoMoreMemoryThanIsAllowed() {
    Visit held = open();
    for (int i = 0; i < 1_000_000; i++) {
      Caller one = new Caller(i, true);
      assertThat(callers.mayOpen(one)).isZero();
    }

    assertThat(remembered).isEqualTo(11);
    open();
    assertThat(callers.mayOpen(mallory)).as("who has something open is not forgotten").isPositive();
    held.end();
  }
}
