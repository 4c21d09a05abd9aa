package presence.session;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.time.Duration;
import presence.cluster.Remote;

/// A session's claim to exist, as a pure value. Times are milliseconds since 1970.
///
/// | phase | attach | detach (current epoch) | reclaim (current epoch) | deadline | end |
/// |---|---|---|---|---|---|
/// | `Online` | `Online`, epoch + 1 | `Leased` | unchanged | – | `Over` |
/// | `Leased` | `Online`, epoch + 1 | unchanged | `Online` | `Over` | `Over` |
/// | `Over` | refused | unchanged | refused | unchanged | unchanged |
///
/// A message of an older epoch changes nothing, in any phase: that one rule makes late closes,
/// zombies and double presence harmless.
///
/// @param epoch the number of the newest connection; each attach is one more
public record Lease(long epoch, Phase phase) implements Remote {

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "is")
  @JsonSubTypes({
    @JsonSubTypes.Type(name = "online", value = Online.class),
    @JsonSubTypes.Type(name = "leased", value = Leased.class),
    @JsonSubTypes.Type(name = "over", value = Over.class),
  })
  public sealed interface Phase extends Remote {}

  /// A connection holds the session.
  public record Online() implements Phase {}

  /// No connection holds it; it ends at the deadline unless one comes back.
  public record Leased(long since, long deadline) implements Phase {}

  /// It has ended.
  public record Over(EndReason reason) implements Phase {}

  /// The lease of a session that a first connection has just opened. Its epoch is the step of that
  /// opening, so that no connection of an earlier life of the same id has it: there were never more
  /// attaches than steps.
  public static Lease first(long epoch) {
    return new Lease(epoch, new Online());
  }

  @JsonIgnore
  public boolean isOver() {
    return phase instanceof Over;
  }

  public boolean isCurrent(long epochOfSender) {
    return epochOfSender == epoch && !isOver();
  }

  /// A newer connection takes the session over.
  public Lease attach() {
    return isOver() ? this : new Lease(epoch + 1, new Online());
  }

  /// The connection of this epoch is gone. Repeated or stale, it does not move the deadline.
  public Lease detach(long epochOfSender, long now, Duration grace) {
    return isCurrent(epochOfSender) && phase instanceof Online
        ? new Lease(epoch, new Leased(now, now + grace.toMillis()))
        : this;
  }

  /// The connection of this epoch still stands: the loss was the server's, not the client's.
  public Lease reclaim(long epochOfSender) {
    return isCurrent(epochOfSender) ? new Lease(epoch, new Online()) : this;
  }

  /// The lease after the deadline, if it has passed.
  public Lease expire(long now) {
    return phase instanceof Leased leased && now >= leased.deadline()
        ? new Lease(epoch, new Over(EndReason.GRACE_OVER))
        : this;
  }

  public Lease end(EndReason reason) {
    return isOver() ? this : new Lease(epoch, new Over(reason));
  }

  /// The lease after an outage of the whole service: time during which nobody could come back does
  /// not count. A detach within the cluster's life keeps its deadline, whoever owns the session by
  /// then.
  ///
  /// @param formedAt when the cluster that runs now was formed
  public Lease recovered(long formedAt, Duration grace) {
    return phase instanceof Leased leased && leased.since() < formedAt
        ? new Lease(
            epoch,
            new Leased(leased.since(), Math.max(leased.deadline(), formedAt + grace.toMillis())))
        : this;
  }
}
