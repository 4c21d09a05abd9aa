package presence.load.gatling;

import java.time.Duration;
import presence.protocol.ClientMessage;
import presence.protocol.Setting;

/// Every member is here and elsewhere in turns by chance, four times a second.
public final class LocationChurn extends Load {
  public LocationChurn() {
    super("one", 200, false);
    play(
        client
            .comes()
            .exec(client.joins())
            .exec(
                client.with(
                    Duration.ofMillis(250),
                    time,
                    client.asks(
                        "location",
                        session ->
                            new ClientMessage.Location(
                                Setting.to(
                                    Client.chance(session).nextBoolean()
                                        ? client.instance(session)
                                        : "elsewhere"),
                                null,
                                "moved"),
                        "ok")))
            .exec(client.goes()),
        comingInTurn(),
        "location");
  }
}
