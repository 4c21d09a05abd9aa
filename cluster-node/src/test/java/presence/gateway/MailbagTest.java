package presence.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import presence.protocol.Codec;
import presence.protocol.Member;
import presence.protocol.ServerMessage;
import presence.user.Delivery;
import presence.user.Item;

class MailbagTest {
  private static final Codec CODEC = new Codec(64 * 1024, 32);
  private static final int OUTBOX_BYTES = 4_000;
  private static final int FRAME_BYTES = 1_000;
  private static final Member ANN = new Member("@ann", "@ann", null);

  private final TestWire wire = new TestWire(CODEC);
  private final List<ServerMessage> sent = wire.sent();
  private final Line line =
      new Line(wire, CODEC, new Outbox(OUTBOX_BYTES, FRAME_BYTES), GatewayMeter.NONE);
  private final Mailbag mailbag = new Mailbag(line);

  private static Delivery letter(String id) {
    return new Delivery(new Item.Letter(id, ANN, "x".repeat(200), 1), false);
  }

  private static List<Delivery> letters(int count) {
    return IntStream.range(0, count).mapToObj(i -> letter("l" + i)).toList();
  }

  /// The client reads one frame after the other until there is none.
  private void clientReads() {
    int before;
    do {
      before = sent.size();
      wire.readies();
      mailbag.handOver();
      line.flush();
    } while (sent.size() > before);
  }

  private List<String> ids() {
    return sent.stream()
        .map(message ->
            switch (message) {
              case ServerMessage.Direct direct -> direct.id();
              case ServerMessage.Outcome outcome -> outcome.outcome().word() + " " + outcome.id();
              default -> message.toString();
            })
        .toList();
  }

  @Test
  void whatIsLargerThanTheOutboxArrivesInOrderAndWhole() {
    mailbag.add(letters(100));
    assertThat(mailbag.isEmpty()).isFalse();
    clientReads();
    assertThat(ids()).isEqualTo(IntStream.range(0, 100).mapToObj(i -> "l" + i).toList());
    assertThat(mailbag.isEmpty()).isTrue();
    assertThat(wire.isClosed()).isFalse();
  }

  @Test
  void nothingIsHandedOverWhileTheClientDoesNotRead() {
    mailbag.add(letters(1));
    assertThat(mailbag.handOver()).isFalse();
    wire.readies();
    assertThat(mailbag.handOver()).isTrue();
    line.flush();
    assertThat(ids()).containsExactly("l0");

    mailbag.add(letters(2));
    assertThat(mailbag.handOver()).isFalse();
    assertThat(mailbag.isEmpty()).isFalse();
    clientReads();
    assertThat(ids()).containsExactly("l0", "l0", "l1");
  }

  @Test
  void whatWaitsLeavesRoomForAnswers() {
    mailbag.add(letters(100));
    wire.readies();
    assertThat(mailbag.handOver()).isTrue();
    for (int i = 0; i < 20; i++) {
      line.answer(new ServerMessage.Ok("ref" + i));
    }
    assertThat(wire.isClosed()).isFalse();
  }

  @Test
  void whatIsPushedAgainWhileItWaitsIsSentOnce() {
    line.answer(new ServerMessage.Ok("x".repeat(OUTBOX_BYTES / 2)));
    mailbag.add(letters(30));
    mailbag.add(letters(30));
    clientReads();
    assertThat(ids()).doesNotHaveDuplicates().hasSize(31);
  }

  @Test
  void whatWasSentIsSentAgainWhenItIsPushedAgain() {
    mailbag.add(letters(1));
    clientReads();
    mailbag.add(List.of(new Delivery(letter("l0").item(), true)));
    clientReads();
    assertThat(sent)
        .map(message -> ((ServerMessage.Direct) message).redelivered())
        .containsExactly(false, true);
  }

  @Test
  void aMessageAndItsOutcomeAreTwoThingsOfOneId() {
    mailbag.add(
        List.of(
            letter("l0"),
            new Delivery(new Item.Outcome("l0", Item.Result.DELIVERED), false),
            new Delivery(new Item.Outcome("l1", Item.Result.EXPIRED), false)));
    clientReads();
    assertThat(ids()).containsExactly("l0", "delivered l0", "expired l1");
  }
}
