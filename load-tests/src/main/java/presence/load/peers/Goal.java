package presence.load.peers;

import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Function;

/// What ours is to hold.
///
/// @param what it is about
/// @param most it may be
/// @param format of numbers
/// @param measure what it was; empty if it was not measured
record Goal(String what, double most, String format, Function<Samples, OptionalDouble> measure) {
  static final List<Goal> ALL =
      List.of(
          ratio(Job.ONE, 1.1),
          cost(Job.MANY, 1.0),
          cost(Job.JOIN, 1.0),
          new Goal(
              "join storm, frames a member, the most",
              60,
              "%.0f",
              samples -> samples.median(Peer.OURS, Job.JOIN, Sample::frames)),
          new Goal(
              "join storm, KB a member, the most",
              30,
              "%.1f",
              samples -> samples.median(Peer.OURS, Job.JOIN, each -> each.bytes() / 1024.0)),
          new Goal("join storm of many, × the smaller one", 1.5, "%.2f", Goal::growth),
          ratio(Job.CHANGES, 1.2),
          cost(Job.BUSY, 1.5),
          cost(Job.MEMORY, 20),
          cost(Job.IDLE, 3));

  private static Goal cost(Job job, double most) {
    return new Goal(
        job.title() + ", " + job.unit(), most, "%.2f", samples -> samples.cost(Peer.OURS, job));
  }

  private static Goal ratio(Job job, double most) {
    return new Goal(
        job.title() + ", × Netty",
        most,
        "%.2f",
        samples -> quotient(samples.cost(Peer.OURS, job), samples.cost(Peer.NETTY, job)));
  }

  private static OptionalDouble growth(Samples samples) {
    return quotient(samples.cost(Peer.OURS, Job.GROWTH), samples.cost(Peer.OURS, Job.JOIN));
  }

  private static OptionalDouble quotient(OptionalDouble of, OptionalDouble by) {
    return of.isEmpty() || by.isEmpty()
        ? OptionalDouble.empty()
        : OptionalDouble.of(of.getAsDouble() / by.getAsDouble());
  }

  /// Whether it holds; not if it was not measured.
  boolean holds(Samples samples) {
    OptionalDouble measured = measure.apply(samples);
    return measured.isPresent() && measured.getAsDouble() <= most;
  }

  /// One line about it.
  String verdict(Samples samples) {
    OptionalDouble measured = measure.apply(samples);
    String value =
        measured.isEmpty() ? "not measured" : String.format(format, measured.getAsDouble());
    String word = measured.isEmpty() ? "" : holds(samples) ? "holds" : "missed";
    return "%-58s %12s   at most %-6s %s"
        .formatted(what, value, String.format(format, most), word)
        .stripTrailing();
  }
}
