package presence.instance;

import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.apache.pekko.actor.testkit.typed.FishingOutcome;
import org.apache.pekko.actor.testkit.typed.javadsl.FishingOutcomes;
import org.jspecify.annotations.Nullable;
import presence.protocol.Counts;
import presence.protocol.Member;
import presence.protocol.ServerMessage;

/// The words of this package's tests.
final class Words {
  static final InstanceLimits LIMITS =
      new InstanceLimits(
          0,
          0,
          3,
          50,
          Duration.ofMinutes(5),
          Duration.ofHours(1),
          Duration.ofMinutes(10),
          Duration.ofSeconds(15),
          Duration.ofMinutes(2),
          1_000,
          new Pace.Limits(Duration.ofMillis(50), Duration.ofSeconds(1), Duration.ofMillis(1)));

  private Words() {}

  static InstanceLimits withCapacity(int capacity) {
    return limits(capacity, 0, LIMITS.flushSize());
  }

  static InstanceLimits withAnonymous(int anonymous) {
    return limits(0, anonymous, LIMITS.flushSize());
  }

  static InstanceLimits withFlushSize(int flushSize) {
    return limits(0, 0, flushSize);
  }

  private static InstanceLimits limits(int capacity, int anonymous, int flushSize) {
    return new InstanceLimits(
        capacity,
        anonymous,
        LIMITS.historySize(),
        LIMITS.ringSize(),
        LIMITS.ringAge(),
        LIMITS.departedAge(),
        LIMITS.rollCallEvery(),
        LIMITS.rollCallAfterRecovery(),
        LIMITS.idle(),
        flushSize,
        LIMITS.pace());
  }

  static Member person(String name) {
    return new Member("@" + name, "@" + name, name);
  }

  static Member named(String name, String shown) {
    return new Member("@" + name, "@" + name, shown);
  }

  static Seat sits(String session, long n, @Nullable Member person) {
    return new Seat(session, n, new Standing(person, false));
  }

  static Seat looks(String session, long n, @Nullable Member person) {
    return new Seat(session, n, new Standing(person, true));
  }

  static Seat leaves(String session, long n) {
    return new Seat(session, n, null);
  }

  static Flushed.Speech says(String session, String who, String text, String id) {
    return new Flushed.Speech(session, person(who), text, id);
  }

  static Change.Message message(long seq, long at, String session, String id) {
    return new Change.Message(
        session,
        new ServerMessage.Said(
            "room", 1, seq, "id" + seq, person("ann"), "text " + seq, at, id, null));
  }

  static Change.People people(long seq, long at) {
    return new Change.People(
        new ServerMessage.Delta(
            "room",
            1,
            seq - 1,
            seq,
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            Counts.NONE,
            null),
        at);
  }

  /// Passes over everything before this message.
  static <T> Function<T, FishingOutcome> until(T expected) {
    return message ->
        message.equals(expected) ? FishingOutcomes.complete() : FishingOutcomes.continueAndIgnore();
  }
}
