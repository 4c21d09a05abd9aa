package presence.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ReferencesTest {

  private final World world = World.open(1);
  private final ActorRef<String> before = world.host("n1").<String>inbox("before").ref();
  private final ActorRef<String> after = world.host("n1").<String>inbox("after").ref();

  private record Outer(String text, Inner inner) {}

  private record Inner(
      Optional<ActorRef<String>> maybe,
      List<ActorRef<String>> many,
      Set<ActorRef<String>> some,
      Map<String, ActorRef<String>> named) {}

  @AfterEach
  void close() {
    world.close();
  }

  private static Outer outer(ActorRef<String> ref) {
    return new Outer(
        "x", new Inner(Optional.of(ref), List.of(ref, ref), Set.of(ref), Map.of("a", ref)));
  }

  @Test
  void refsAreReplacedHoweverDeepTheyAre() {
    var replaced = References.replace(outer(before), ref -> ref.equals(before) ? after : ref);

    assertThat(replaced).isEqualTo(outer(after));
  }

  @Test
  void aMessageWithoutSuchRefsStaysTheSameObject() {
    var message = outer(after);

    assertThat(References.replace(message, ref -> ref)).isSameAs(message);
    assertThat(References.replace("text", ref -> ref)).isEqualTo("text");
  }
}
