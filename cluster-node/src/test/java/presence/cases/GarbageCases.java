package presence.cases;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Frames that are no messages. The node must not have logged a word of them when it closes.
@Timeout(180)
class GarbageCases {
  private static final int FRAMES = 100_000;
  private static final int SOCKETS = 8;
  private static final int BATCH = 100;

  @RegisterExtension
  static final TestNode node =
      TestNode.inMemory("PRESENCE_CONNECTION_BAD_FRAMES_MAX=2000000000", "PRESENCE_GRACE=60s");

  private final String lobby = TestNode.unique("chat-quiet");
  private final TestClient ann = node.person("ann");
  private final TestClient bob = node.person("bob");

  @BeforeEach
  void annAndBobAreInTheLobby() {
    ann.joins(lobby);
    bob.joins(lobby).seesOnline(ann).listens();
  }

  @Test
  @DisplayName("63: a hundred thousand random, mutated, oversized, deeply nested frames")
  void noFrameDisturbsAnybodyButItsSender() {
    long seed = System.nanoTime();
    Story.join(
        IntStream.range(0, SOCKETS)
            .mapToObj(i -> Story.later(0, () -> new Babbler(seed + i).babbles(FRAMES / SOCKETS)))
            .toList());

    assertThat(ann.isClosed()).as("seed %d", seed).isFalse();
    assertThat(bob.isClosed()).as("seed %d", seed).isFalse();
    bob.heardNothingAbout(ann);
    ann.goesTo("chat");
    bob.seesHere(ann);
    assertThat(node.get("/v1/instances/" + lobby).at("counts/sessions").asInt()).isEqualTo(2);
  }

  @Test
  @DisplayName("63: a frame too long, a binary frame, bytes that are no frame")
  void aSocketThatBreaksTheRulesIsClosed() {
    try (RawSocket tooLong = node.socket();
        RawSocket binary = node.socket();
        RawSocket first = node.socket()) {
      tooLong.says(Frames.ANONYMOUS).says("[" + " ".repeat(70_000) + "]");
      assertThat(tooLong.closeCode()).isEqualTo(1009);
      binary.saysBinary(new byte[10]);
      assertThat(binary.closeCode()).isEqualTo(4401);
      first.says("{\"type\":\"pong\"}");
      assertThat(first.closeCode()).isEqualTo(4401);
    }
    bob.heardNothingAbout(ann);
  }

  /// Says one frame after the other that is nearly one of the protocol, on a new socket when the
  /// server has had enough of the old one.
  private static final class Babbler {
    private final Random random;
    private final Mutations mutations;

    Babbler(long seed) {
      random = new Random(seed);
      mutations = new Mutations(random, Frames.golden());
    }

    void babbles(int frames) {
      RawSocket socket = greeted();
      for (int said = 0; said < frames; ) {
        for (int i = 0; i < BATCH; i++, said++) {
          if (random.nextInt(50) == 0) {
            byte[] bytes = new byte[random.nextInt(100)];
            random.nextBytes(bytes);
            socket.saysBinary(bytes);
          } else {
            socket.says(mutations.next());
          }
        }
        String ref = "s" + said;
        String marker = "{\"type\":\"location\",\"slug\":\"x\",\"ref\":\"" + ref + "\"}";
        if (!socket.saysAndHears(marker, "\"ref\":\"" + ref + "\"")) {
          socket = greeted();
        }
      }
      socket.close();
    }

    private RawSocket greeted() {
      RawSocket socket = node.deafSocket();
      if (random.nextInt(4) == 0) {
        socket.says(mutations.next()); // instead of a hello, perhaps
        socket.close();
        return greeted();
      }
      return socket.says(Frames.hello(Tokens.of(TestNode.unique("babbler"))));
    }
  }
}
