package presence.datagram;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import presence.protocol.ClientMessage.Stride;
import presence.protocol.ServerMessage.Moved;
import presence.protocol.Spot;
import presence.protocol.Step;

class PayloadTest {
  private static final Spot FLAT = new Spot(1.5, -2, null);
  private static final Spot DEEP = new Spot(0, 1e9, -0.25);

  @Nested
  class AMove {
    @Test
    void isReadAsItWasWritten() {
      for (String piece : List.of("plain", "__proto__", "\uD83D\uDE00".repeat(64))) {
        for (Spot pos : List.of(FLAT, DEEP)) {
          Stride move = new Stride(piece, pos, 9_007_199_254_740_991L, null);
          assertThat(MovePayload.read(MovePayload.write(move))).contains(move);
        }
      }
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "",
          "0000000000000001",
          "000000000000000102",
          "0000000000000001013ff80000000000000000", // one coordinate
          "0000000000000001043ff80000000000000000",
          "0000000000000001027ff8000000000000c0000000000000000001" + "70", // not a number
          "000000000000000102fff0000000000000c0000000000000000001" + "70", // infinite
          "0000000000000001023ff8000000000000c000000000000000000270", // piece cut short
          "0000000000000001023ff8000000000000c00000000000000000017070", // more behind it
          "0000000000000001023ff8000000000000c0000000000000000001ff", // no UTF-8
          "ffffffffffffffff023ff8000000000000c000000000000000000170", // negative seq
          "0000000000000001023ff8000000000000c0000000000000000000", // no piece
          "0000000000000001027e37e43c8800759cc000000000000000000170", // beyond the world
          "0000000000000001023ff8000000000000c000000000000000000107", // a control character
        })
    void isNotReadFromAnythingElse(String hex) {
      assertThat(MovePayload.read(ByteBuffer.wrap(HexFormat.of().parseHex(hex)))).isEmpty();
    }
  }

  @Nested
  class ManyMoves {
    @Test
    void areReadAsTheyWereWritten() {
      Moved moves =
          new Moved("plain", List.of(new Step("@ann", FLAT, 1), new Step("@bob", DEEP, 2)));

      assertThat(MovesPayload.write(moves))
          .hasSize(1)
          .allSatisfy(each -> assertThat(MovesPayload.read(each)).contains(moves));
    }

    @Test
    void areTheseBytes() {
      Moved moves = new Moved("p", List.of(new Step("@a", FLAT, 1)));

      assertThat(HexFormat.of().formatHex(bytes(MovesPayload.write(moves).getFirst())))
          .isEqualTo(
              "000170" + "00024061" + "0000000000000001" + "023ff8000000000000c000000000000000");
    }

    @Test
    void areSplitIntoAsFewDatagramsAsHoldThem() {
      List<Step> all = new ArrayList<>();
      for (int i = 0; i < 1_000; i++) {
        all.add(new Step("@somebody-" + i, FLAT, i));
      }

      List<ByteBuffer> payloads = MovesPayload.write(new Moved("plain", all));

      List<Step> read = new ArrayList<>();
      for (ByteBuffer payload : payloads) {
        assertThat(payload.remaining()).isLessThanOrEqualTo(Datagram.PAYLOAD_BYTES_MAX);
        read.addAll(MovesPayload.read(payload).orElseThrow().moves());
      }
      assertThat(read).isEqualTo(all);
      assertThat(payloads).hasSize(36);
    }

    @Test
    void withANameNoDatagramHoldsAreLeftOut() {
      Step fits = new Step("@ann", FLAT, 1);
      Step not = new Step("x".repeat(1_200), FLAT, 1);

      assertThat(MovesPayload.write(new Moved("plain", List.of(not, fits, not))))
          .singleElement()
          .satisfies(each ->
              assertThat(MovesPayload.read(each)).contains(new Moved("plain", List.of(fits))));
      assertThat(MovesPayload.write(new Moved("p".repeat(1_200), List.of(fits)))).isEmpty();
      assertThat(MovesPayload.write(new Moved("plain", List.of()))).isEmpty();
    }
  }

  @Nested
  class AnyBytes {
    /// Nearly right ones are the dangerous ones: nothing but an answer or nothing may come of them.
    @Test
    void areReadOrNotWithoutHarm() {
      byte[] good =
          bytes(
              MovesPayload.write(
                      new Moved(
                          "plain", List.of(new Step("@ann", FLAT, 1), new Step("@b", DEEP, 2))))
                  .getFirst());
      byte[] move = bytes(MovePayload.write(new Stride("plain", FLAT, 1, null)));
      Random random = new Random(42);
      for (int i = 0; i < 200_000; i++) {
        byte[] bytes = (i % 2 == 0 ? good : move).clone();
        int length = random.nextInt(bytes.length + 1);
        for (int flips = random.nextInt(4); flips > 0 && length > 0; flips--) {
          bytes[random.nextInt(length)] = (byte) random.nextInt(256);
        }
        ByteBuffer payload = ByteBuffer.wrap(bytes, 0, length);
        var _ = MovesPayload.read(payload.duplicate());
        var _ = MovePayload.read(payload.duplicate());
        var _ = Echo.read(payload.duplicate());
      }
    }
  }

  private static byte[] bytes(ByteBuffer payload) {
    byte[] bytes = new byte[payload.remaining()];
    payload.get(bytes);
    return bytes;
  }
}
