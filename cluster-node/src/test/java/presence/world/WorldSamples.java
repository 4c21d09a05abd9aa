package presence.world;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.ActorRef;
import presence.cluster.Remote;
import presence.protocol.Member;
import presence.protocol.Position;
import presence.protocol.ServerMessage.Parting;
import presence.protocol.Spot;

/// A sample of everything a world sends or writes down.
public final class WorldSamples {
  private static final Place PLACE = new Place(new Spot(1.5, -2, 3.25), 4, 7);
  private static final Stay STAY =
      new Stay(3, new Member("@ann", "@ann", null), "{\"hat\":1}", new Spot(1, 2, null), true);
  private static final Visit VISIT = new Visit("s1", 4, STAY);
  private static final Figure FIGURE =
      new Figure("@ann", "s1", 4, 3, "@ann", "{\"hat\":1}", PLACE, 1_000);
  private static final Position AT = new Position(1_000, 9);
  private static final Avatars.Departed DEPARTED =
      new Avatars.Departed(6, 1_000, "@bob", Parting.TAKEN_OVER, false);

  private WorldSamples() {}

  /// All of them; the samples only carry `ref`.
  public static Stream<Remote> all(ActorRef<?> ref) {
    ActorRef<World.Feed> relay = ref.unsafeUpcast().narrow();
    ActorRef<World.Receipt> session = ref.unsafeUpcast().narrow();
    ActorRef<World.Command> world = ref.unsafeUpcast().narrow();
    return Stream.of(
        PLACE,
        Place.at(new Spot(0, 0, null)),
        STAY,
        new Stay(3, null, "{}", new Spot(1, 2, 3.0), false),
        VISIT,
        new Visit("s1", 5, null),
        FIGURE,
        new Figure("Zm9v", "s2", 4, 3, null, "{}", PLACE, 0),
        new Stride("s1", 3, PLACE),
        new Movement("@ann", PLACE),
        new Departure("@ann", Parting.LEFT),
        new World.Report(VISIT, session),
        new World.Subscribe(relay, AT, List.of(new Stride("s1", 3, PLACE))),
        new World.Walk(relay, List.of(new Stride("s1", 3, PLACE))),
        new World.Emit("s1", "wave", "[1]"),
        new World.Emit("s1", "wave", null),
        new World.Unknown("s1", 4),
        World.Stop.STOP,
        new World.Recorded("garden", 4, AT),
        new World.Full("garden", 4),
        new World.Published(AT, 8, List.of(FIGURE), List.of(new Departure("@bob", Parting.GONE))),
        new World.Cut(AT, 12, 0, 2, List.of(FIGURE), world),
        new World.UpToDate(AT, 12, world),
        new World.Moved(12, List.of(new Movement("@ann", PLACE))),
        new World.Emitted("@ann", "s1", "wave", "[1]"),
        new World.Stranger(),
        new Flushed.Word(VISIT, "@ann", PLACE),
        new Flushed(
            1_000, 9, List.of(new Flushed.Word(VISIT, "@ann", null)), List.of("s2"), List.of("s3")),
        DEPARTED,
        new WorldState.Snapshot("garden", AT, List.of(FIGURE), Map.of("s2", DEPARTED)));
  }
}
