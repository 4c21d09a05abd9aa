package presence.instance;

import java.time.Duration;
import java.util.List;
import presence.protocol.Counts;
import presence.protocol.Position;

/// Hears what the instances of a node do, for those who measure it. Called by the instances
/// themselves, so an answer takes no longer than counting does.
public interface InstanceMeter {
  /// Hears nothing.
  InstanceMeter NONE = new InstanceMeter() {};

  /// What one flush was.
  ///
  /// @param words of sessions and messages, that were collected for it
  /// @param delay from the first of them until all was durable
  /// @param changes what everybody sees of it
  record Flush(int words, Duration delay, List<Change> changes) {}

  default void flushed(String instance, Flush flush) {}

  /// An instance stands here, after a flush or a recovery.
  default void stands(String instance, Position at, Counts counts) {}

  /// An instance is in the memory of this node no longer.
  default void left(String instance) {}

  /// A relay that gives a sign of life is this many changes behind.
  default void lags(long changes) {}

  /// One that hears, and then lets another one hear.
  default InstanceMeter and(InstanceMeter other) {
    InstanceMeter first = this;
    return new InstanceMeter() {
      @Override
      public void flushed(String instance, Flush flush) {
        first.flushed(instance, flush);
        other.flushed(instance, flush);
      }

      @Override
      public void stands(String instance, Position at, Counts counts) {
        first.stands(instance, at, counts);
        other.stands(instance, at, counts);
      }

      @Override
      public void left(String instance) {
        first.left(instance);
        other.left(instance);
      }

      @Override
      public void lags(long changes) {
        first.lags(changes);
        other.lags(changes);
      }
    };
  }
}
