package presence.load.scenarios;

import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import presence.client.PresenceClient;
import presence.load.check.Rule;
import presence.load.storm.Guest;

/// A member reads nothing any more, but gives signs of life, while the others say more than the
/// kernel takes for it.
final class SlowReader implements Scenario {
  private static final String LONG = "💬".repeat(1_900);

  /// Each of them is told all that is said, some megabytes.
  private static final int TALKERS = 2;

  private static final String LIFE = "{\"type\":\"pong\"}";

  /// As long as a node needs that allows everybody a word a second.
  private static final Duration FLOOD_MAX = Duration.ofMinutes(5);

  @Override
  public String name() {
    return "slow-reader";
  }

  @Override
  public String invariant() {
    return "who reads nothing is ended and leaves once; nobody else misses or repeats anything";
  }

  @Override
  public String play(Stage stage) {
    List<Guest> talkers = stage.cast().members(TALKERS);
    Guest slow = stage.cast().member();
    stage.await(
        Stage.LATE_MAX,
        () -> connections(stage) == talkers.size() + 1,
        "the node counts the slow reader's socket");
    PresenceClient client = slow.goesAstray();
    client.stopReading();
    Flood flood = new Flood(talkers, stage.instance(), LONG);
    flood.start();
    awaitAlive(
        stage,
        client,
        FLOOD_MAX,
        () -> connections(stage) == talkers.size(),
        "the slow reader has no socket any more");
    flood.stop();
    awaitAlive(
        stage,
        client,
        stage.terms().grace().plus(Stage.LATE_MAX),
        () -> talkers.stream().noneMatch(each -> sees(stage, each, slow)),
        "the slow reader is seen to leave");
    stage.prove(Rule.CHAT_LOST, Rule.GAP, Rule.REPEAT, Rule.SAME, Rule.VISIBLE, Rule.QUIET);
    return "%,d members said %,d words of 8 KB until one that read none of them was ended"
        .formatted(talkers.size(), flood.heard());
  }

  private static int connections(Stage stage) {
    return stage.rest().connections(stage.instance());
  }

  private static boolean sees(Stage stage, Guest witness, Guest other) {
    return stage.view(witness).online().containsKey(other.person());
  }

  /// Waits for something while the client gives signs of life: it is not to be ended as silent.
  private static void awaitAlive(
      Stage stage, PresenceClient client, Duration within, BooleanSupplier holds, String what) {
    stage.await(
        within,
        () -> {
          client.sendFrame(LIFE);
          return holds.getAsBoolean();
        },
        what);
  }
}
