package presence.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.serialization.SerializationExtension;
import org.apache.pekko.serialization.jackson.JacksonCborSerializer;
import org.apache.pekko.serialization.jackson.JacksonSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import presence.cluster.Remote;

@Timeout(60)
class SealedCborTest {
  record Said(String text, long at, Optional<List<String>> to) implements Remote {}

  private static final Said SAID = new Said("guten Tag", 1_234_567, Optional.of(List.of("@ann")));
  private static final String MANIFEST = Said.class.getName();

  private final ActorTestKit kit =
      ActorTestKit.create(
          "seal",
          ConfigFactory.parseString(
                  """
                  pekko.fail-mixed-versions = off
                  pekko.actor.serializers.jackson-cbor = "presence.store.SealedCbor"
                  """)
              .withFallback(ConfigFactory.load()));
  private final JacksonSerializer sealed =
      (SealedCbor) SerializationExtension.get(kit.system()).findSerializerFor(SAID);
  private final JacksonSerializer plain = new JacksonCborSerializer(system(), "jackson-cbor");

  private ExtendedActorSystem system() {
    return (ExtendedActorSystem) Adapter.toClassic(kit.system());
  }

  @AfterEach
  void stop() {
    kit.shutdownTestKit();
  }

  @Test
  void isTheSerializerOfWhatGoesToTheJournal() {
    assertThat(sealed).isInstanceOf(SealedCbor.class);
    assertThat(sealed.fromBinary(sealed.toBinary(SAID), MANIFEST)).isEqualTo(SAID);
    assertThat(sealed.toBinary(SAID)).hasSize(plain.toBinary(SAID).length + 8);
  }

  @Test
  void olderVersionsReadItAndAreRead() {
    assertThat(plain.fromBinary(sealed.toBinary(SAID), MANIFEST)).isEqualTo(SAID);
    assertThat(sealed.fromBinary(plain.toBinary(SAID), MANIFEST)).isEqualTo(SAID);
    assertThat(sealed.identifier()).isEqualTo(plain.identifier());
  }

  @Test
  void anyBitThatChangedIsFound() {
    byte[] written = sealed.toBinary(SAID);
    for (int bit = 0; bit < written.length * Byte.SIZE; bit++) {
      byte[] read = written.clone();
      read[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
      assertIsBroken(read);
    }
  }

  @Test
  void aBitThatChangedIsFoundWhereTheMarkChangedToo() {
    byte[] written = sealed.toBinary(SAID);
    int said = written.length - 8;
    for (int mark = 0; mark < 4 * Byte.SIZE; mark++) {
      for (int bit = 0; bit < said * Byte.SIZE; bit++) {
        byte[] read = written.clone();
        read[said + mark / Byte.SIZE] ^= (byte) (1 << mark % Byte.SIZE);
        read[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
        assertIsBroken(read);
      }
    }
  }

  private void assertIsBroken(byte[] read) {
    assertThatThrownBy(() -> sealed.fromBinary(read, MANIFEST))
        .as("%s", Arrays.toString(read))
        .isInstanceOf(SealedCbor.BrokenSeal.class)
        .hasMessageContaining(MANIFEST);
  }

  @Test
  void whatBrokeOffIsFoundUnlessAllThatWasSaidIsThere() {
    byte[] written = sealed.toBinary(SAID);
    int said = written.length - 8;
    for (int length = 0; length < written.length; length++) {
      if (length != said) {
        assertIsBroken(Arrays.copyOf(written, length));
      }
    }
    assertThat(sealed.fromBinary(Arrays.copyOf(written, said), MANIFEST)).isEqualTo(SAID);
  }
}
