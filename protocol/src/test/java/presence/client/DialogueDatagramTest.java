package presence.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import presence.protocol.Avatar;
import presence.protocol.ClientMessage;
import presence.protocol.Json;
import presence.protocol.ServerMessage;
import presence.protocol.Spot;
import presence.protocol.Step;

/// A dialogue beside whose socket there are datagrams.
class DialogueDatagramTest {
  private static final Json LOOK = new Json("{}");
  private static final Spot START = new Spot(0, 0, null);
  private static final ServerMessage.Udp OFFER = new ServerMessage.Udp("127.0.0.1", 1, "ticket");

  private final Stage stage = new Stage(Stage.OPTIONS.withDatagrams(true));

  private static ServerMessage.Welcome welcome() {
    return Messages.with(Messages.welcome(false), OFFER, List.of());
  }

  private static void begins(Stage stage) {
    var _ = stage.start();
    stage.dialogue.opened();
    stage.hear(welcome());
  }

  /// The client is in the world, and so is Bob.
  private void isIn() {
    begins(stage);
    stage.dialogue.enter("plain", LOOK, START, new CompletableFuture<>());
    stage.hear(
        new ServerMessage.WorldState(
            "plain", "@ann", List.of(new Avatar("@bob", null, LOOK, START, false)), stage.ref()));
  }

  private static ServerMessage.Moved bobIsAt(double x, long seq) {
    Step step = new Step("@bob", new Spot(x, 0, null), seq);
    return new ServerMessage.Moved("plain", List.of(step));
  }

  private double bob() {
    WorldView view = Objects.requireNonNull(stage.dialogue.world("plain"));
    return Objects.requireNonNull(view.others().get("@bob")).pos().x();
  }

  @Test
  void theirWayIsOpenedWithEverySocketIfItIsWanted() {
    begins(stage);
    assertThat(stage.ways).containsExactly(OFFER);
    stage.reconnect();
    stage.dialogue.opened();
    stage.hear(welcome());
    assertThat(stage.ways).hasSize(2);

    Stage without = new Stage(Stage.OPTIONS);
    begins(without);
    assertThat(without.ways).isEmpty();
  }

  @Test
  void oneRowOfNumbersIsForEverything() {
    isIn();
    stage.dialogue.move("plain", new Spot(1, 0, null));
    assertThat(stage.last(ClientMessage.Stride.class).seq()).isEqualTo(1);
    stage.reconnect();
    stage.dialogue.opened();
    stage.hear(welcome());
    stage.dialogue.move("plain", new Spot(2, 0, null));
    assertThat(stage.last(ClientMessage.Stride.class).seq()).isEqualTo(2);
  }

  @Test
  void whatCameToRestIsSaidWhileTheClientIsThere() {
    isIn();
    ClientMessage.Stride move = new ClientMessage.Stride("plain", START, 1, null);
    stage.dialogue.moveBySocket(move);
    assertThat(stage.said.getLast()).isEqualTo(move);

    stage.dialogue.exit("plain", new CompletableFuture<>());
    int said = stage.said.size();
    stage.dialogue.moveBySocket(move);
    assertThat(stage.said).hasSize(said);
  }

  @Test
  void theNewestWinsWhicheverWayItCame() {
    isIn();
    stage.dialogue.moved(bobIsAt(1, 1), true);
    stage.dialogue.moved(bobIsAt(3, 3), true);
    stage.dialogue.moved(bobIsAt(2, 2), true);
    stage.hear(bobIsAt(2, 2));
    assertThat(bob()).isEqualTo(3);
    stage.hear(bobIsAt(4, 4));
    stage.dialogue.moved(bobIsAt(3, 3), true);

    assertThat(bob()).isEqualTo(4);
    assertThat(stage.moves).containsExactly(bobIsAt(1, 1), bobIsAt(3, 3), bobIsAt(4, 4));
  }

  @Test
  void aDatagramTellsNothingOfWhoIsNotThere() {
    isIn();
    stage.hear(new ServerMessage.Exited("plain", "@bob", ServerMessage.Parting.LEFT));
    stage.dialogue.moved(bobIsAt(1, 1), true);
    stage.dialogue.moved(new ServerMessage.Moved("elsewhere", bobIsAt(1, 1).moves()), true);

    assertThat(stage.moves).isEmpty();
  }

  @Test
  void whoCameBackMayBeginItsNumbersAnew() {
    isIn();
    stage.dialogue.moved(bobIsAt(9, 9), true);
    stage.hear(new ServerMessage.Ghosted("plain", "@bob"));
    stage.hear(new ServerMessage.Returned("plain", "@bob", new Spot(5, 0, null)));
    stage.dialogue.moved(bobIsAt(1, 1), true);

    assertThat(bob()).isEqualTo(1);
  }
}
