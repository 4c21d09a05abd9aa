package presence.load.scenarios;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import presence.load.storm.Guest;

/// Members who say so much together that a reader who does not read must be noticed: each says the
/// next when one was heard, or a second later if a node allows no more.
final class Flood {
  private static final int AT_ONCE = 4;
  private static final Executor LATER = CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS);

  private final List<Guest> talkers;
  private final String instance;
  private final String text;
  private final AtomicInteger heard = new AtomicInteger();
  private volatile boolean stopped;

  /// What each word begins with is its text.
  Flood(List<Guest> talkers, String instance, String text) {
    this.talkers = talkers;
    this.instance = instance;
    this.text = text;
  }

  void start() {
    for (int turn = 0; turn < AT_ONCE; turn++) {
      talkers.forEach(this::next);
    }
  }

  /// What is on its way comes yet.
  void stop() {
    stopped = true;
  }

  private void next(Guest talker) {
    if (!stopped) {
      var _ =
          talker.say(instance, text).whenComplete((_, failure) -> again(talker, failure == null));
    }
  }

  private void again(Guest talker, boolean wasHeard) {
    if (wasHeard) {
      heard.incrementAndGet();
      next(talker);
    } else {
      LATER.execute(() -> next(talker));
    }
  }

  /// How many words were heard.
  int heard() {
    return heard.get();
  }
}
