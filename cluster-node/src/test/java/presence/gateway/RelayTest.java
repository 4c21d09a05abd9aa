package presence.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import presence.instance.ChatInstance;
import presence.instance.ChatInstance.Subscribe;
import presence.protocol.Codec;
import presence.protocol.Counts;
import presence.protocol.Member;
import presence.protocol.Position;
import presence.testkit.Recorder;
import presence.testkit.TestSystem;
import presence.testkit.TestSystemExtension;

/// A relay whose replica is not what its instance says.
@ExtendWith(TestSystemExtension.class)
@Timeout(60)
class RelayTest {
  private static final Position AT = new Position(9, 1);
  private static final Position NOWHERE = new Position(0, 0);
  private static final long ANOTHER = 1;

  private final TestSystem system;
  private final Recorder<ChatInstance.Command> instance = new Recorder<>();
  private final AtomicInteger divergence = new AtomicInteger();
  private final ActorRef<Relay.Command> relay;

  RelayTest(TestSystem system) {
    this.system = system;
    GatewayMeter meter =
        new GatewayMeter() {
          @Override
          public void diverged() {
            divergence.incrementAndGet();
          }
        };
    this.relay =
        system
            .kit()
            .spawn(
                Relay.create(
                    "room",
                    new Relay.Settings(
                        new Replica.Limits(100, Duration.ofMinutes(5), 10, 1000),
                        new Cuts.Limits(8, Duration.ofSeconds(30), 100),
                        100,
                        new Relay.Pace(
                            Duration.ofSeconds(5), Duration.ofMillis(250), Duration.ofSeconds(1)),
                        Duration.ofSeconds(25),
                        new Codec(65_536, 32),
                        system,
                        instance,
                        meter),
                    system.<Relay.Idle>probe().getRef()));
  }

  private Subscribe subscription() {
    List<Subscribe> found = new ArrayList<>();
    await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> {
          found.addAll(instance.take(Subscribe.class));
          return !found.isEmpty();
        });
    return found.getLast();
  }

  private static ChatInstance.Cut cut() {
    Member ann = new Member("@ann", "@ann", null);
    return new ChatInstance.Cut(
        AT, List.of(ann), List.of("@ann"), new Counts(1, 1, 1, 0), List.of());
  }

  private static ChatInstance.Published upToDate(long print) {
    return new ChatInstance.Published(AT.epoch(), AT.seq(), List.of(), print);
  }

  @Test
  void isCountedAndBegunAnewButNotAgainAndAgain() {
    TestProbe<Relay.Delivery> follower = system.probe();
    relay.tell(new Relay.Follow(follower.getRef(), "s1", null, null, NOWHERE, null));
    ActorRef<ChatInstance.Feed> feed = subscription().relay();
    feed.tell(cut());
    follower.expectMessageClass(Relay.Stream.class);
    instance.take();

    feed.tell(upToDate(ANOTHER));

    assertThat(subscription().at()).isEqualTo(NOWHERE);
    assertThat(divergence).hasValue(1);
    feed.tell(cut());
    assertThat(follower.expectMessageClass(Relay.Stream.class).fresh()).isTrue();
    instance.take();

    feed.tell(upToDate(ANOTHER));
    await().atMost(Duration.ofSeconds(10)).until(() -> divergence.get() == 2);
    system.passes(Duration.ofSeconds(5));
    assertThat(subscription().at()).isEqualTo(AT);
  }
}
