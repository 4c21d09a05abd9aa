package presence.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import presence.load.HeapHistogram.Owner;

class HeapHistogramTest {
  private static final List<String> PRINTED =
      """
      4711:
       num     #instances         #bytes  class name (module)
      -------------------------------------------------------
         1:         90133        7301296  [B (java.base@25.0.1)
         2:          1200         115200  org.apache.pekko.actor.ActorCell
         3:          1000          64000  presence.gateway.Connection
         4:            10           1600  [Lorg.apache.pekko.stream.impl.fusing.GraphInterpreter$Connection;
         5:             2             80  [[Lpresence.session.UserSession;
      Total        192345        7482176
      """
          .lines()
          .toList();

  @Test
  void theSumIsThatOfTheRows() {
    assertThat(HeapHistogram.parse(PRINTED).bytes())
        .isEqualTo(7_301_296 + 115_200 + 64_000 + 1_600 + 80);
  }

  @Test
  void anArrayOfObjectsBelongsToWhoMadeTheirClass() {
    HeapHistogram histogram = HeapHistogram.parse(PRINTED);
    assertThat(histogram.bytes(Owner.OURS)).isEqualTo(64_080);
    assertThat(histogram.bytes(Owner.HTTP)).isEqualTo(1_600);
    assertThat(histogram.bytes(Owner.ACTORS)).isEqualTo(115_200);
    assertThat(histogram.bytes(Owner.COLLECTIONS)).isEqualTo(7_301_296);
    assertThat(histogram.bytes(Owner.JOURNAL)).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "presence.session.SessionState$Open, OURS",
    "org.apache.pekko.http.impl.engine.server.HttpServerBluePrint, HTTP",
    "org.apache.pekko.stream.impl.Buffer, HTTP",
    "org.apache.pekko.util.ByteString$ByteString1C, HTTP",
    "sun.nio.ch.SocketChannelImpl, HTTP",
    "org.apache.pekko.persistence.typed.internal.BehaviorSetup, ACTORS",
    "org.apache.pekko.util.LineNumbers, ACTORS",
    "org.h2.mvstore.Page$Leaf, JOURNAL",
    "java.util.HashMap$Node, COLLECTIONS",
    "scala.collection.immutable.$colon$colon, COLLECTIONS",
    "[J, COLLECTIONS",
    "com.fasterxml.jackson.databind.ObjectMapper, OTHER",
  })
  void aClassHasOneOwner(String name, Owner owner) {
    assertThat(Owner.of(name)).isEqualTo(owner);
  }

  @Test
  void whatIsNoHistogramIsRefused() {
    assertThatThrownBy(() -> HeapHistogram.parse(List.of("4711: No such process")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("No such process");
  }
}
