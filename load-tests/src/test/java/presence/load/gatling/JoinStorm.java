package presence.load.gatling;

import static io.gatling.javaapi.core.CoreDsl.atOnceUsers;
import static io.gatling.javaapi.core.CoreDsl.rendezVous;

/// All users connect at once, and all join one instance at the moment when the last is welcomed;
/// each stays until it sees all.
public final class JoinStorm extends Load {
  public JoinStorm() {
    super("one", 500, true);
    play(
        client
            .comes()
            .exec(rendezVous(users))
            .exec(client.joins())
            .exec(client.sees(users))
            .exec(rendezVous(users))
            .exec(client.goes()),
        atOnceUsers(users),
        "sees all");
  }
}
