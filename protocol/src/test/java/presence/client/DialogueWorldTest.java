package presence.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import presence.protocol.ClientMessage;
import presence.protocol.ErrorCode;
import presence.protocol.Json;
import presence.protocol.ServerMessage;
import presence.protocol.Spot;

/// The worlds a client is in, on one socket after the other.
class DialogueWorldTest {
  private static final Json LOOK = new Json("{}");
  private static final Spot START = new Spot(0, 0, null);
  private static final Spot THERE = new Spot(9, 9, null);

  private final Stage stage = Stage.live();

  DialogueWorldTest() {
    CompletableFuture<WorldView> entered = enters(LOOK);
    stage.hear(new ServerMessage.WorldState("plain", "@ann", List.of(), stage.ref()));
    assertThat(entered).isDone();
  }

  private CompletableFuture<WorldView> enters(Json look) {
    CompletableFuture<WorldView> entered = new CompletableFuture<>();
    stage.dialogue.enter("plain", look, START, entered);
    return entered;
  }

  private CompletableFuture<ServerMessage> exits() {
    CompletableFuture<ServerMessage> left = new CompletableFuture<>();
    stage.dialogue.exit("plain", left);
    return left;
  }

  private void comesBack(boolean resumed, String... worlds) {
    stage.dialogue.opened();
    stage.said.clear();
    stage.hear(Messages.with(Messages.welcome(resumed), null, List.of(worlds)));
  }

  private void isRefused(ErrorCode code) {
    stage.hear(Messages.error(code, stage.ref()));
  }

  @Test
  void whoCannotComeInAgainForNowTriesAgainAndWhoMayNotIsTold() {
    stage.reconnect();
    comesBack(false);
    isRefused(ErrorCode.RATE_LIMITED);
    stage.said.clear();
    stage.advance(1_000);
    assertThat(stage.last(ClientMessage.Enter.class).piece()).isEqualTo("plain");
    assertThat(stage.events).doesNotContain("out of plain gone");
    isRefused(ErrorCode.FORBIDDEN);
    assertThat(stage.events).endsWith("out of plain gone");
    assertThat(stage.dialogue.world("plain")).isNull();
  }

  @Test
  void whoIsRefusedTheFirstTimeIsTheCallersMatter() {
    var _ = exits();
    CompletableFuture<WorldView> entered = enters(LOOK);
    isRefused(ErrorCode.UNAVAILABLE);
    assertThat(entered).isCompletedExceptionally();
    stage.said.clear();
    stage.advance(8_000);
    assertThat(stage.said).isEmpty();
  }

  @Test
  void whereItWentLastIsSaidAgainToAWorldItIsStillIn() {
    stage.reconnect();
    comesBack(true, "plain");
    assertThat(stage.said).isEmpty();
    stage.dialogue.move("plain", THERE);
    long number = stage.last(ClientMessage.Stride.class).seq();
    stage.reconnect();
    comesBack(true, "plain");
    ClientMessage.Stride again = stage.last(ClientMessage.Stride.class);
    assertThat(again.pos()).isEqualTo(THERE);
    assertThat(again.seq()).isGreaterThan(number);
  }

  @Test
  void whoLeftAndCameAgainIsInAsItIsNow() {
    Json hat = new Json("{\"hat\":1}");
    stage.reconnect();
    CompletableFuture<ServerMessage> left = exits();
    CompletableFuture<WorldView> entered = enters(hat);
    comesBack(true, "plain");
    assertThat(stage.said).hasSize(1);
    assertThat(stage.last(ClientMessage.Enter.class).avatar()).isEqualTo(hat);
    assertThat(left).isDone();
    stage.hear(new ServerMessage.WorldState("plain", "@ann", List.of(), stage.ref()));
    assertThat(entered).isDone();
  }

  @Test
  void aWorldThatNobodyWantsIsLeftOnce() {
    stage.reconnect();
    CompletableFuture<ServerMessage> left = exits();
    comesBack(true, "plain");
    assertThat(stage.said).hasSize(1);
    assertThat(stage.last(ClientMessage.Exit.class).piece()).isEqualTo("plain");
    stage.isDone();
    assertThat(left).isDone();
  }
}
