package presence.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import presence.gateway.Outbox.Stale;

class OutboxTest {
  private static final Topic LOBBY = Topic.instance("lobby");
  private static final Topic ATTIC = Topic.instance("attic");

  private final Outbox outbox = new Outbox(100, 60);

  private static Encoded message(int bytes) {
    return message(bytes, null);
  }

  private static Encoded message(int bytes, @Nullable String ref) {
    return new Encoded(
        "presence", null, ref, new Payload(ByteString.fromString("x".repeat(bytes))));
  }

  private static Batch batch(Encoded... messages) {
    return new Batch(List.of(messages));
  }

  private int nextFrame() {
    return outbox.take().map(each -> each.utf8().size()).orElse(0);
  }

  private void isEmptied() {
    while (outbox.take().isPresent()) {
      // it is on its way
    }
  }

  @Test
  void anAnswerThatFindsNoRoomIsNotKept() {
    assertThat(outbox.answer(message(50))).isTrue();
    assertThat(outbox.answer(message(50))).isTrue();
    assertThat(outbox.answer(message(1))).isFalse();
    assertThat(nextFrame()).isEqualTo(50);
    assertThat(nextFrame()).isEqualTo(50);
    assertThat(outbox.isEmpty()).isTrue();
  }

  @Test
  void oneMessageFindsRoomHoweverLongItIs() {
    assertThat(outbox.answer(message(500))).isTrue();
    assertThat(outbox.answer(message(1))).isFalse();
    assertThat(nextFrame()).isEqualTo(500);
    outbox.stream(LOBBY, batch(message(500)), true);
    assertThat(outbox.isStale()).isFalse();
  }

  @Test
  void streamsGiveWayToAnAnswerAndBeginAnewWhenThereIsRoom() {
    outbox.stream(LOBBY, batch(message(60)), false);
    outbox.stream(ATTIC, batch(message(40)), false);
    assertThat(outbox.answer(message(70))).isTrue();
    assertThat(outbox.staleStreams()).isEqualTo(2);
    assertThat(outbox.nextStale()).as("before there is room").isEmpty();
    assertThat(nextFrame()).isEqualTo(70);
    assertThat(outbox.isEmpty()).isTrue();

    assertThat(outbox.nextStale()).contains(new Stale(LOBBY, null));
    assertThat(outbox.nextStale()).as("one at a time").isEmpty();
    outbox.stream(LOBBY, batch(message(60)), true);
    isEmptied();
    assertThat(outbox.nextStale()).contains(new Stale(ATTIC, null));
  }

  @Test
  void whatAskedForADroppedAnswerIsAnsweredByTheNewBeginning() {
    outbox.stream(LOBBY, batch(message(60, "r1"), message(20)), true);
    assertThat(outbox.answer(message(90))).isTrue();
    outbox.stream(LOBBY, batch(message(1)), false);
    isEmptied();
    assertThat(outbox.nextStale()).contains(new Stale(LOBBY, "r1"));
  }

  @Test
  void aBeginningForAnotherReasonDoesNotAnswerIt() {
    assertThat(outbox.answer(message(90))).isTrue();
    outbox.stream(LOBBY, batch(message(60, "r1")), true);
    isEmptied();
    assertThat(outbox.nextStale()).contains(new Stale(LOBBY, "r1"));
    outbox.stream(LOBBY, batch(message(10)), true);
    isEmptied();
    assertThat(outbox.nextStale()).contains(new Stale(LOBBY, "r1"));
    outbox.stream(LOBBY, batch(message(10, "r1")), true);
    assertThat(outbox.isStale()).isFalse();
  }

  @Test
  void whatWasOwedIsOwedThoughTheNewBeginningFindsNoRoom() {
    assertThat(outbox.answer(message(90))).isTrue();
    outbox.stream(LOBBY, batch(message(60, "r1")), true);
    isEmptied();
    outbox.stream(LOBBY, batch(message(60)), true);
    outbox.stream(LOBBY, batch(message(60)), true);
    isEmptied();
    assertThat(outbox.nextStale()).contains(new Stale(LOBBY, "r1"));
  }

  @Test
  void soIsWhatAsksWhileItsStreamIsDropped() {
    assertThat(outbox.answer(message(90))).isTrue();
    outbox.stream(LOBBY, batch(message(60)), false);
    outbox.stream(LOBBY, batch(message(5, "r2")), false);
    isEmptied();
    assertThat(outbox.nextStale()).contains(new Stale(LOBBY, "r2"));
    outbox.leave(LOBBY);
    assertThat(outbox.nextStale()).isEmpty();
  }

  @Test
  void whatWaitsOfAStreamThatWasLeftDoesNotGiveWayAndIsNeverBegunAnew() {
    outbox.stream(LOBBY, batch(message(60)), false);
    outbox.stream(ATTIC, batch(message(30)), false);
    outbox.leave(LOBBY);
    outbox.stream(ATTIC, batch(message(30)), false);
    assertThat(nextFrame()).isEqualTo(60);
    assertThat(outbox.isEmpty()).isTrue();
    assertThat(outbox.nextStale()).contains(new Stale(ATTIC, null));
    assertThat(outbox.staleStreams()).isEqualTo(1);
  }

  @Test
  void whatManyAreSentIsJoinedOnce() {
    Outbox another = new Outbox(100, 60);
    Batch news = batch(message(20), message(30));
    outbox.stream(LOBBY, news, false);
    another.stream(LOBBY, news, false);
    assertThat(outbox.take().orElseThrow())
        .isSameAs(another.take().orElseThrow())
        .extracting(each -> each.utf8().size())
        .isEqualTo("[".length() + 20 + ",".length() + 30 + "]".length());
  }

  @Test
  void whatWaitsTogetherGoesTogetherAsFarAsAFrameHoldsIt() {
    assertThat(outbox.answer(message(10))).isTrue();
    outbox.stream(LOBBY, batch(message(20), message(20)), false);
    outbox.stream(ATTIC, batch(message(20)), false);
    assertThat(nextFrame()).isEqualTo(10 + 20 + 20 + "[,,]".length());
    assertThat(nextFrame()).isEqualTo(20);
    assertThat(outbox.isEmpty()).isTrue();
  }

  /// Else a secret beside it would keep it from being compressed.
  @Test
  void whatCanBeCompressedIsKeptApartFromWhatCannot() {
    Outbox large = new Outbox(100_000, 50_000);
    large.answer(message(700));
    large.stream(LOBBY, batch(open(2_000)), true);
    large.stream(LOBBY, batch(open(500)), false);
    large.answer(message(700));
    large.stream(LOBBY, batch(open(500)), false);
    assertThat(large.take().orElseThrow().isCompressible()).isFalse();
    Payload stream = large.take().orElseThrow();
    assertThat(stream.isCompressible()).isTrue();
    assertThat(stream.utf8().size()).isEqualTo(2_000 + 500 + 3);
    assertThat(large.take().orElseThrow().utf8().size()).isEqualTo(700 + 500 + 3);
    assertThat(large.isEmpty()).isTrue();
  }

  /// Else who writes in one could learn by its length what is said in the other.
  @Test
  void whatSeveralInstancesSayIsNotCompressedTogether() {
    Outbox large = new Outbox(100_000, 50_000);
    large.stream(LOBBY, batch(open(2_000)), true);
    large.stream(ATTIC, batch(openTo("attic", 2_000)), true);
    large.stream(ATTIC, batch(openTo("attic", 500)), false);
    large.stream(LOBBY, batch(open(600)), false);
    large.stream(ATTIC, batch(openTo("attic", 300)), false);
    large.stream(LOBBY, batch(open(600)), false);
    assertThat(large.take().orElseThrow().openTo()).isEqualTo("lobby");
    assertThat(large.take().orElseThrow().openTo()).isEqualTo("attic");
    Payload mixed = large.take().orElseThrow();
    assertThat(mixed.utf8().size()).isEqualTo(600 + 300 + 3);
    assertThat(mixed.isCompressible()).isFalse();
    assertThat(large.take().orElseThrow().openTo()).isEqualTo("lobby");
  }

  @Test
  void anAnswerDoesNotKeepMuchThatFollowsItFromBeingCompressed() {
    Outbox large = new Outbox(100_000, 50_000);
    large.answer(message(100));
    for (int i = 0; i < 10; i++) {
      large.stream(LOBBY, batch(open(600)), i == 0);
    }
    assertThat(large.take().orElseThrow().utf8().size()).isEqualTo(100 + 600 + 3);
    assertThat(large.take().orElseThrow().isCompressible()).isTrue();
    assertThat(large.isEmpty()).isTrue();
  }

  private static Encoded open(int bytes) {
    return openTo("lobby", bytes);
  }

  private static Encoded openTo(String instance, int bytes) {
    return new Encoded(
        "presence", null, null, new Payload(ByteString.fromString("x".repeat(bytes)), instance));
  }

  @Test
  void aBatchThatNoFrameHoldsGoesMessageByMessage() {
    outbox.stream(LOBBY, batch(message(50), message(50)), false);
    assertThat(nextFrame()).isEqualTo(50);
    assertThat(nextFrame()).isEqualTo(50);
  }
}
