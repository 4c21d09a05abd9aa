package presence.load.gatling;

import static io.gatling.javaapi.core.CoreDsl.details;
import static io.gatling.javaapi.core.CoreDsl.global;
import static io.gatling.javaapi.core.CoreDsl.rampUsers;
import static io.gatling.javaapi.core.CoreDsl.scenario;
import static io.gatling.javaapi.http.HttpDsl.http;

import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.OpenInjectionStep;
import io.gatling.javaapi.core.Simulation;
import java.time.Duration;
import java.util.List;

/// What all simulations have in common: where the load goes, how much of it there is, and that no
/// request and no check may fail. How long anything takes is in the report and is not judged.
///
/// System properties: `target` (one; three; http://HOST:PORT), `users`, `seconds`, `room` (members
/// of one instance), `ramp` (seconds in which the users come), `seed` (of all chance).
abstract class Load extends Simulation {
  final Target target;
  final Client client;
  final int users;
  final Duration time;

  /// What is taken if nothing else was asked for.
  ///
  /// @param where the load goes
  /// @param oneRoom whether all are members of one instance
  Load(String where, int usersOtherwise, boolean oneRoom) {
    users = Integer.getInteger("users", usersOtherwise);
    time = Duration.ofSeconds(Integer.getInteger("seconds", 30));
    int room = oneRoom ? users : Integer.getInteger("room", 50);
    target = Target.of(where);
    client = new Client(target, room, Long.getLong("seed", 1));
  }

  /// The users come within the ramp.
  OpenInjectionStep comingInTurn() {
    return rampUsers(users).during(Duration.ofSeconds(Integer.getInteger("ramp", 5)));
  }

  /// Lets them do this; each must do one request of this name at least.
  void play(ChainBuilder what, OpenInjectionStep coming, String each) {
    setUp(scenario(getClass().getSimpleName()).exec(what).injectOpen(coming))
        .protocols(
            http.baseUrls(target.urls())
                .disableCaching()
                .disableFollowRedirect()
                .wsUnmatchedInboundMessageBufferSize(Client.FRAMES_KEPT)
                .sseUnmatchedInboundMessageBufferSize(Client.FRAMES_KEPT))
        .assertions(
            List.of(
                global().failedRequests().count().is(0L),
                details(each).successfulRequests().count().gte((long) users)));
  }

  @Override
  public void after() {
    System.out.println(client.told());
    target.close();
  }
}
