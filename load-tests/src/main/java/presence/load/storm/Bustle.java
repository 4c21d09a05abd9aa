package presence.load.storm;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/// What a crowd does while it is there, by chance from a seed: in every instance somebody looks,
/// looks away or says something four times a second, or a multiple of that (the system property
/// `vigour`); twice in three seconds somebody loses a socket; and the leavers go, one after the
/// other.
final class Bustle implements AutoCloseable {
  private static final Duration BEAT = Duration.ofMillis(250);

  /// Of ten beats of an instance, how many are a mover's; the others are messages.
  private static final int MOVES_OF_TEN = 6;

  /// Every how many beats of the crowd somebody writes to somebody.
  private static final int BEATS_PER_LETTER = 2;

  private static final int BEATS_PER_DROP = 6;
  private static final int VIGOUR = Integer.getInteger("vigour", 1);
  private static final int WRITERS_MAX = 12;

  private final Crowd crowd;
  private final RandomGenerator random;
  private final boolean drops;
  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private final Deque<Guest> leavers = new ArrayDeque<>();
  private final int beatsPerLeaver;
  private long beats;

  /// @param leaving the time in which the leavers go
  /// @param drops whether sockets are lost
  Bustle(Crowd crowd, Duration leaving, boolean drops, RandomGenerator random) {
    this.crowd = crowd;
    this.random = random;
    this.drops = drops;
    this.leavers.addAll(crowd.leavers());
    this.beatsPerLeaver = (int) Math.max(1, leaving.dividedBy(BEAT) / Math.max(1, leavers.size()));
  }

  void start() {
    var _ = timer.scheduleAtFixedRate(this::beat, 0, BEAT.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void beat() {
    try {
      beats++;
      for (int i = 0; i < VIGOUR; i++) {
        crowd.instances().forEach(this::stir);
      }
      if (beats % BEATS_PER_LETTER == 0) {
        write();
      }
      if (drops && beats % BEATS_PER_DROP == 0) {
        any(crowd.others()).drop();
      }
      if (beats % beatsPerLeaver == 0 && !leavers.isEmpty()) {
        leavers.remove().vanish();
      }
    } catch (RuntimeException e) {
      Thread thread = Thread.currentThread();
      thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
    }
  }

  private void stir(String instance) {
    boolean moves = random.nextInt(10) < MOVES_OF_TEN;
    List<Guest> able =
        (moves ? crowd.movers() : crowd.others())
            .stream()
                .filter(guest -> guest.role().handle() != null)
                .filter(guest -> guest.role().instances().getFirst().equals(instance))
                .toList();
    if (able.isEmpty()) {
      return;
    }
    Guest guest = any(able);
    if (moves) {
      guest.turn();
    } else {
      guest.say(instance);
    }
  }

  /// A few write to many, so that each pair has messages that can overtake each other; to leavers,
  /// too, who never get them.
  private void write() {
    Guest from = crowd.others().get(random.nextInt(Math.min(WRITERS_MAX, crowd.others().size())));
    String to = any(random.nextInt(10) == 0 ? crowd.leavers() : crowd.others()).role().handle();
    if (to != null && from.role().handle() != null && !to.equals(from.role().handle())) {
      var _ = from.write(to);
    }
  }

  private Guest any(List<Guest> some) {
    return some.get(random.nextInt(some.size()));
  }

  /// Whether all leavers are gone.
  boolean allLeft() {
    return leavers.isEmpty();
  }

  @Override
  public void close() {
    timer.shutdown();
    try {
      timer.awaitTermination(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
