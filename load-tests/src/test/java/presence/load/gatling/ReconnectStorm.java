package presence.load.gatling;

import static io.gatling.javaapi.core.CoreDsl.rendezVous;
import static io.gatling.javaapi.core.CoreDsl.repeat;

import java.time.Duration;

/// All users lose their socket at the same moment, every ten seconds, and go on with their session.
public final class ReconnectStorm extends Load {
  private static final Duration BETWEEN = Duration.ofSeconds(10);

  public ReconnectStorm() {
    super("one", 500, false);
    int storms = (int) Math.max(1, time.dividedBy(BETWEEN));
    play(
        client
            .comes()
            .exec(client.joins())
            .exec(
                repeat(storms)
                    .on(rendezVous(users).exec(client.comesBack()).exec(client.stays(BETWEEN))))
            .exec(client.goes()),
        comingInTurn(),
        "resume");
  }
}
