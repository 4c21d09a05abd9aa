package presence.load.gatling;

import static io.gatling.javaapi.core.CoreDsl.exec;

import io.gatling.javaapi.core.Session;
import java.time.Duration;
import java.util.SplittableRandom;
import presence.protocol.ClientMessage;
import presence.protocol.Json;
import presence.protocol.Spot;

/// Avatars walk about in worlds, each with five moves a second.
public final class WorldWalk extends Load {
  private static final double SIDE = 200;
  private static final String MOVE = "move";

  public WorldWalk() {
    super("one", 100, false);
    play(
        client
            .comes()
            .exec(client.says("pong", _ -> new ClientMessage.Pong(null)))
            .exec(client.asks("enter", this::enter, "world:state"))
            .exec(exec(session -> session.set(MOVE, 0L)))
            .exec(
                client.with(
                    Duration.ofMillis(200),
                    time,
                    exec(session -> session.set(MOVE, session.getLong(MOVE) + 1))
                        .exec(client.says("move", this::move))))
            .exec(Client.heardOthers())
            .exec(client.says("leave", session -> new ClientMessage.Exit(world(session), null)))
            .exec(client.goes()),
        comingInTurn(),
        "hears others");
  }

  private String world(Session session) {
    return "world-" + client.instance(session);
  }

  private ClientMessage enter(Session session) {
    return new ClientMessage.Enter(world(session), new Json("{}"), spot(session), null);
  }

  private ClientMessage move(Session session) {
    return new ClientMessage.Stride(world(session), spot(session), session.getLong(MOVE), null);
  }

  private static Spot spot(Session session) {
    SplittableRandom chance = Client.chance(session);
    return new Spot(Math.round(chance.nextDouble(SIDE)), Math.round(chance.nextDouble(SIDE)), null);
  }
}
