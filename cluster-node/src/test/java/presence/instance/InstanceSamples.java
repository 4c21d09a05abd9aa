package presence.instance;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.ActorRef;
import presence.cluster.Remote;
import presence.protocol.Counts;
import presence.protocol.Member;
import presence.protocol.Position;
import presence.protocol.ServerMessage;

/// A sample of everything the instance sends or writes down.
public final class InstanceSamples {
  private static final Member ANN = new Member("@ann", "@ann", "Ann");
  private static final Member KEY = new Member("ab01", null, null);
  private static final Counts COUNTS = new Counts(2, 1, 4, 1);
  private static final Position AT = new Position(1_000, 7);
  private static final Seat SEAT = new Seat("s1", 4, new Standing(ANN, true));
  private static final Seat LEAVING = new Seat("s2", 5, null);
  private static final Flushed.Speech SPEECH = new Flushed.Speech("s1", ANN, "hello", "m1");
  private static final Change.People PEOPLE =
      new Change.People(
          new ServerMessage.Delta(
              "room",
              1_000,
              5,
              6,
              List.of(ANN),
              List.of("@bob"),
              List.of("@ann"),
              List.of("@cat"),
              List.of(KEY),
              COUNTS,
              null),
          2_000);
  private static final Change.Message MESSAGE =
      new Change.Message(
          "s1", new ServerMessage.Said("room", 1_000, 7, "rs-7", ANN, "hello", 2_000, "m1", null));

  private InstanceSamples() {}

  /// All of them; the samples only carry `ref`.
  public static Stream<Remote> all(ActorRef<?> ref) {
    return Stream.of(commands(ref), answers(ref), values()).flatMap(each -> each);
  }

  private static Stream<Remote> commands(ActorRef<?> ref) {
    return Stream.of(
        new ChatInstance.Report(SEAT, ref.unsafeUpcast().narrow()),
        new ChatInstance.Report(LEAVING, ref.unsafeUpcast().narrow()),
        new ChatInstance.Say(SPEECH, ref.unsafeUpcast().narrow()),
        new ChatInstance.Subscribe(ref.unsafeUpcast().narrow(), AT, 3),
        new ChatInstance.CatchUp(AT, ref.unsafeUpcast().narrow()),
        new ChatInstance.Describe(ref.unsafeUpcast().narrow()),
        new ChatInstance.Unknown("s1", 4),
        ChatInstance.Stop.STOP,
        new Directory.Find("chat-lobby", 100, ref.unsafeUpcast().narrow()));
  }

  private static Stream<Remote> answers(ActorRef<?> ref) {
    return Stream.of(
        new ChatInstance.Recorded("room", 4, AT),
        new ChatInstance.Full("room", 4),
        new ChatInstance.Spoken(MESSAGE.message(), true),
        new ChatInstance.NotJoined("room", "m1"),
        new ChatInstance.Published(1_000, 5, List.of(PEOPLE, MESSAGE), 77),
        new ChatInstance.Cut(AT, List.of(ANN, KEY), List.of("@ann"), COUNTS, List.of(MESSAGE)),
        new ChatInstance.Earlier(AT, Optional.empty(), null),
        new ChatInstance.Earlier(AT, Optional.of(List.of(MESSAGE)), AT),
        new ChatInstance.Subscribed(ref.unsafeUpcast().narrow()),
        new ChatInstance.Moves(ref.unsafeUpcast().narrow()),
        new ChatInstance.Nobody(),
        new Directory.Found(List.of("chat-lobby")),
        new ChatInstance.Description("room", AT, COUNTS, 3));
  }

  private static Stream<Remote> values() {
    return Stream.of(
        SEAT,
        LEAVING,
        new Standing(ANN, true),
        new Standing(null, false),
        PEOPLE,
        MESSAGE,
        SPEECH,
        new Flushed(2_000, 7, List.of(SEAT, LEAVING), List.of(SPEECH)),
        new InstanceState.Snapshot(
            "room",
            AT,
            List.of(SEAT),
            List.of(ANN),
            Map.of("s2", new Roster.Departed(5, 2_000)),
            List.of(PEOPLE, MESSAGE),
            List.of(MESSAGE)));
  }
}
