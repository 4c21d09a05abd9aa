package presence.datagram;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import presence.protocol.ClientMessage.Stride;
import presence.protocol.Spot;

class DatagramTest {
  /// Id 00 … 0f, key a0 … bf: the one of the golden `welcome`.
  private static final Ticket TICKET =
      Ticket.parse("AAECAwQFBgcICQoLDA0OD6ChoqOkpaanqKmqq6ytrq-wsbKztLW2t7i5uru8vb6_")
          .orElseThrow();

  private final Seal seal = new Seal();

  private Datagram ping() {
    return new Datagram(seal.seal(TICKET, Kind.PING, 7, new Echo(0x0102030405060708L).bytes()));
  }

  @Nested
  class Bytes {
    @Test
    void ofAPingAreThese() {
      assertThat(hex(ping().bytes()))
          .isEqualTo(
              "0103" // version, kind
                  + "000102030405060708090a0b0c0d0e0f" // ticket
                  + "0000000000000007" // number
                  + "0102030405060708" // echo
                  + "f9a23d210f85601698c063228004350f");
    }

    @Test
    void ofAMoveAreThese() {
      Stride move = new Stride("plain", new Spot(1.5, -2, null), 3, null);

      assertThat(hex(seal.seal(TICKET, Kind.MOVE, 1, MovePayload.write(move))))
          .isEqualTo(
              "0101"
                  + "000102030405060708090a0b0c0d0e0f"
                  + "0000000000000001"
                  + "0000000000000003" // seq
                  + "02" // two coordinates
                  + "3ff8000000000000"
                  + "c000000000000000"
                  + "0005706c61696e" // plain
                  + "e74767bda5e33c20adb19fbfaf319805");
    }

    @Test
    void sayWhatTheyAre() {
      Datagram ping = ping();

      assertThat(ping.isComplete()).isTrue();
      assertThat(ping.isTooLong()).isFalse();
      assertThat(ping.kind()).isEqualTo(Kind.PING);
      assertThat(ping.ticket()).isEqualTo(TICKET.id());
      assertThat(ping.number()).isEqualTo(7);
      assertThat(Echo.read(ping.payload())).contains(new Echo(0x0102030405060708L));
    }

    @Test
    void mayStandAnywhereInABuffer() {
      ByteBuffer bytes = ping().bytes();
      ByteBuffer larger = ByteBuffer.allocate(200).position(30).put(bytes).flip().position(30);
      Datagram same = new Datagram(larger.slice());

      assertThat(seal.isOn(new Datagram(larger), TICKET)).isTrue();
      assertThat(seal.isOn(same, TICKET)).isTrue();
      assertThat(same.ticket()).isEqualTo(TICKET.id());
    }
  }

  @Nested
  class ASeal {
    @Test
    void isOnWhatItsTicketMade() {
      assertThat(seal.isOn(ping(), TICKET)).isTrue();
      assertThat(new Seal().isOn(ping(), TICKET)).isTrue();
    }

    @Test
    void isNotOnWhatAnotherTicketMade() {
      assertThat(seal.isOn(ping(), Ticket.issue(new Random(1)))).isFalse();
    }

    @Test
    void isBrokenByAnyBit() {
      byte[] bytes = ping().bytes().array();
      for (int bit = 0; bit < bytes.length * 8; bit++) {
        bytes[bit / 8] ^= (byte) (1 << bit % 8);
        assertThat(seal.isOn(new Datagram(ByteBuffer.wrap(bytes)), TICKET))
            .as("bit " + bit)
            .isFalse();
        bytes[bit / 8] ^= (byte) (1 << bit % 8);
      }
    }

    @Test
    void isBrokenByAnyLength() {
      byte[] bytes = ping().bytes().array();
      for (int length = Datagram.BYTES_MIN; length < bytes.length; length++) {
        Datagram cut = new Datagram(ByteBuffer.wrap(bytes, 0, length));
        assertThat(seal.isOn(cut, TICKET)).as(length + " bytes").isFalse();
      }
    }
  }

  @Nested
  class NoDatagram {
    @Test
    void isTooShortOrOfAnotherVersion() {
      byte[] bytes = ping().bytes().array();

      assertThat(new Datagram(ByteBuffer.wrap(new byte[0])).isComplete()).isFalse();
      assertThat(new Datagram(ByteBuffer.wrap(bytes, 0, Datagram.BYTES_MIN - 1)).isComplete())
          .isFalse();
      bytes[0] = 2;
      assertThat(new Datagram(ByteBuffer.wrap(bytes)).isComplete()).isFalse();
    }

    @Test
    void isOfAKindNobodyKnows() {
      byte[] bytes = ping().bytes().array();
      for (int code : new int[] {0, 5, 127, -128, -1}) {
        bytes[1] = (byte) code;
        assertThat(new Datagram(ByteBuffer.wrap(bytes)).kind()).isNull();
      }
    }

    @Test
    void isLongerThanEveryNetworkCarries() {
      assertThat(new Datagram(ByteBuffer.allocate(Datagram.BYTES_MAX)).isTooLong()).isFalse();
      assertThat(new Datagram(ByteBuffer.allocate(Datagram.BYTES_MAX + 1)).isTooLong()).isTrue();
    }
  }

  private static String hex(ByteBuffer bytes) {
    byte[] copy = new byte[bytes.remaining()];
    bytes.get(copy);
    return HexFormat.of().formatHex(copy);
  }
}
