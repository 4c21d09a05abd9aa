package presence.ops;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.ActorRef;
import presence.cluster.Remote;
import presence.protocol.Counts;
import presence.protocol.Position;

/// A sample of everything observers send.
public final class OpsSamples {
  private static final NodeReport.Sessions SESSIONS = new NodeReport.Sessions(7, 2, 8);
  private static final NodeReport.Room ROOM =
      new NodeReport.Room("room", new Position(1_000, 7), new Counts(2, 1, 4, 1));
  private static final NodeReport.Sample SAMPLE = new NodeReport.Sample(2_000, 1, 2, 3, 4, 5, 6);
  private static final SlowFlushes.Slow SLOW = new SlowFlushes.Slow("room", 3, 250, 2_000);
  private static final RecentEnds.End END = new RecentEnds.End("abcdefgh", "bye", 2_000);

  private OpsSamples() {}

  /// All of them; the samples only carry `ref`.
  public static Stream<Remote> all(ActorRef<?> ref) {
    return Stream.of(
        new Observer.Describe(ref.unsafeUpcast().narrow()),
        new Observer.Leave(ref.unsafeUpcast().narrow()),
        new Observer.Leaving(),
        SESSIONS,
        ROOM,
        SAMPLE,
        SLOW,
        END,
        new NodeReport(
            "127.0.0.1:7355",
            "0.1.0",
            1_000,
            false,
            SESSIONS,
            Map.of("session", 12),
            List.of(ROOM),
            List.of(SLOW),
            List.of(END),
            List.of(SAMPLE)));
  }
}
