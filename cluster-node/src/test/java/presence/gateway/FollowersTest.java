package presence.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import presence.instance.Change;
import presence.protocol.ClientMessage.RosterMode;
import presence.protocol.Codec;
import presence.protocol.Member;
import presence.protocol.Position;
import presence.protocol.ServerMessage;

class FollowersTest {
  private static final String ROOM = "room";
  private static final Member ANN = new Member("@ann", "@ann", null);

  private final Followers followers = new Followers(ROOM);
  private final Copies copies =
      new Copies(
          ROOM,
          new Relay.Settings(
              new Replica.Limits(100, Duration.ofMinutes(5), 10, 1000),
              new Cuts.Limits(8, Duration.ofSeconds(30), 100),
              100,
              new Relay.Pace(Duration.ofSeconds(5), Duration.ofSeconds(1), Duration.ofSeconds(1)),
              Duration.ofSeconds(25),
              new Codec(65_536, 32),
              InstantSource.system(),
              (instance, question) -> {},
              GatewayMeter.NONE),
          new Cuts(new Cuts.Limits(8, Duration.ofSeconds(30), 100)));

  private static final class Client implements Relay.Way {
    private final TestInbox<Relay.Delivery> inbox = TestInbox.create();
    private int written;
    private int told;
    private @Nullable Batch last;

    @Override
    public boolean write(Batch batch) {
      written++;
      last = batch;
      return true;
    }

    @Override
    public void tells() {
      told++;
    }
  }

  private Client follows(int number) {
    Client client = new Client();
    Relay.Follow asked =
        new Relay.Follow(
            client.inbox.getRef(), "s" + number, null, null, Position.NOWHERE, null, client);
    followers.add(asked, RosterMode.FULL, new Relay.Stream(ROOM, List.of(), true));
    client.inbox.receiveMessage();
    return client;
  }

  private static List<Change> news(long seq) {
    ServerMessage.Said said =
        new ServerMessage.Said(ROOM, 1, seq, "m" + seq, ANN, "hello", 1, null, null);
    return List.of(new Change.Message("s0", said));
  }

  @Test
  void whatManyAreSentMayBeCompressedAndAnAuthorsOwnCopyNot() {
    List<Client> all = IntStream.range(0, 3).mapToObj(this::follows).toList();

    followers.deliver(news(1), copies);

    assertThat(all.getFirst().last).isNotNull().extracting(Batch::openTo).isNull();
    assertThat(all.get(1).last).isNotNull().isSameAs(all.get(2).last);
    assertThat(all.get(1).last).isNotNull().extracting(Batch::openTo).isEqualTo(ROOM);
  }

  @Test
  void ofALargeRoomTheFirstAreWrittenToAndTheOthersAreTold() {
    List<Client> all =
        IntStream.rangeClosed(0, Followers.WRITTEN_MAX).mapToObj(this::follows).toList();
    Client last = all.getLast();

    followers.deliver(news(1), copies);

    assertThat(all.subList(0, Followers.WRITTEN_MAX))
        .allSatisfy(each -> assertThat(each.written).isEqualTo(1))
        .allSatisfy(each -> assertThat(each.inbox.hasMessages()).isFalse());
    assertThat(last.written).isZero();
    assertThat(last.told).as("the first delivery and this").isEqualTo(2);
    assertThat(last.inbox.hasMessages()).isTrue();

    followers.remove(all.getFirst().inbox.getRef());
    followers.deliver(news(2), copies);
    assertThat(last.written).as("now that there is room").isEqualTo(1);
  }
}
