package presence.cases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import presence.client.ClientRuntime;
import presence.client.DatagramLink;
import presence.datagram.Datagram;
import presence.datagram.Echo;
import presence.datagram.Kind;
import presence.gateway.udp.Sender;
import presence.protocol.ClientMessage;
import presence.protocol.ServerMessage;
import presence.protocol.Spot;

/// Datagrams of the clients of a real node. One after the other: what the node counts is of all.
class DatagramCases {
  @RegisterExtension static final TestNode node = TestNode.inMemory();

  private final TestClient ann = node.person("ann");
  private int steps;

  private static JsonNode traffic() {
    return node.get("/v1/admin/udp", "Authorization", "Bearer " + TestNode.ADMIN).at("");
  }

  private static ServerMessage.Udp offer(TestClient client) {
    return Objects.requireNonNull(client.welcome().udp(), "a ticket");
  }

  @Test
  @Timeout(60)
  @DisplayName("60: forged, replayed, oversized, nonsense")
  void whatIsNotOfAClientIsDroppedAndCounted() {
    ann.connects();
    JsonNode before = traffic();
    try (Sender sender = new Sender(offer(ann))) {
      ByteBuffer ping = sender.sealed(Kind.PING, 1, Echo.NONE.bytes());
      sender.sends(ping);
      sender.hears(Kind.PONG);
      sender.sends(ping);
      sender.sends(sender.sealed(Kind.PING, 2, Echo.NONE.bytes()).put(45, (byte) 1));
      sender.sends(ByteBuffer.allocate(Datagram.BYTES_MAX + 1));
      sender.sends(ByteBuffer.allocate(10));
      sender.sends(Kind.MOVE, 3, ByteBuffer.allocate(10));

      for (String why :
          new String[] {"REPLAYED", "FORGED", "OVERSIZED", "MALFORMED", "ILLEGIBLE"}) {
        await(why).until(() -> dropped(traffic(), why) == dropped(before, why) + 1);
      }
      assertThat(sender.heardNothing()).isTrue();
    }
    assertThat(traffic().get("accepted").asLong()).isEqualTo(before.get("accepted").asLong() + 1);
    assertThat(ann.isClosed()).isFalse();
  }

  private static long dropped(JsonNode traffic, String why) {
    return traffic.at("/dropped/" + why).asLong();
  }

  @Test
  @Timeout(60)
  @DisplayName("60: a ticket is good as long as its connection")
  void aTicketEndsWithItsConnection() {
    ann.connects();
    ServerMessage.Udp old = offer(ann);
    ann.drops();
    ann.comesBack();
    assertThat(offer(ann).ticket()).isNotEqualTo(old.ticket());
    long before = dropped(traffic(), "UNKNOWN_TICKET");

    try (Sender sender = new Sender(old);
        Sender newest = new Sender(offer(ann))) {
      newest.pings(1, Echo.NONE);
      await("the old ticket is void")
          .until(() -> {
            sender.sends(Kind.PING, 1, Echo.NONE.bytes());
            return dropped(traffic(), "UNKNOWN_TICKET") > before;
          });
    }
  }

  @Test
  @Timeout(60)
  @DisplayName(
      "60: a client and its node find out that datagrams come through, and that they do not")
  void aLinkOpensAndOutlivesAnotherPort() {
    ann.connects();
    try (DatagramLink link =
        DatagramLink.open(offer(ann), _ -> {}, _ -> {}, ClientRuntime.shared())) {
      await("comes through").until(link::isOpen);
      link.mute(true);
      link.rebind();
      await("is silent").until(() -> !link.isOpen());
      link.mute(false);
      await("comes through again, from another port").until(link::isOpen);
    }
  }

  @Test
  @Timeout(90)
  @DisplayName("60: moves go by datagrams while those come through, and otherwise by the WebSocket")
  void movesTakeTheWayThatIsOpen() {
    String garden = TestNode.unique("garden");
    Inhabitant bob = Inhabitant.of(node.person("bob"), garden, 1, 1);
    Inhabitant cid = Inhabitant.of(node.person("cid"), garden, 2, 2);
    List<ServerMessage.Moved> datagrams = new CopyOnWriteArrayList<>();
    try (DatagramLink link =
        DatagramLink.open(offer(cid.client()), datagrams::add, _ -> {}, ClientRuntime.shared())) {
      await("comes through").until(link::isOpen);
      link.move(new ClientMessage.Stride(garden, new Spot(3, 4, null), 1, null));
      bob.seesAt(cid.id(), 3, 4);
      movesUntil(bob, "told by datagram", () -> !datagrams.isEmpty());

      link.mute(true);
      int told = cid.movesOf(bob.id()).size();
      movesUntil(bob, "told by the WebSocket", () -> cid.movesOf(bob.id()).size() > told);

      link.mute(false);
      int before = datagrams.size();
      movesUntil(bob, "told by datagram again", () -> datagrams.size() > before);
    }
    assertThat(datagrams)
        .allSatisfy(moved -> assertThat(moved.piece()).isEqualTo(garden))
        .flatMap(ServerMessage.Moved::moves)
        .extracting(step -> step.id())
        .contains(bob.id());
  }

  private void movesUntil(Inhabitant one, String what, BooleanSupplier done) {
    await(what)
        .atMost(Duration.ofSeconds(20))
        .until(() -> {
          steps++;
          one.moves(steps % 50, 6);
          return done.getAsBoolean();
        });
  }

  @Test
  @Timeout(60)
  void whereDatagramsGoIsSaidByTheSessionRouteToo() {
    ann.connects();
    assertThat(node.get("/session/chat").at("").get("udp").asText())
        .isEqualTo("udp://" + offer(ann).host() + ":" + offer(ann).port());
  }

  @Test
  @Timeout(60)
  void aNodeMayTakeNone() {
    try (TestNode without = TestNode.inMemory("PRESENCE_UDP_ENABLED=false").start()) {
      TestClient bob = without.person("bob");
      bob.connects();

      assertThat(bob.welcome().udp()).isNull();
      assertThat(without.get("/session/chat").at("").get("udp").isNull()).isTrue();
    }
  }
}
