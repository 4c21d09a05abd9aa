package presence.load.gatling;

import static io.gatling.javaapi.core.CoreDsl.StringBody;
import static io.gatling.javaapi.core.CoreDsl.during;
import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.core.CoreDsl.pause;
import static io.gatling.javaapi.core.CoreDsl.regex;
import static io.gatling.javaapi.http.HttpDsl.http;
import static io.gatling.javaapi.http.HttpDsl.sse;
import static io.gatling.javaapi.http.HttpDsl.status;

import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.Session;
import java.util.UUID;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;

/// Clients of workspaces attach by a stream of events, look at a session and at nothing in turns,
/// and are told what the others look at.
public final class WorkspaceStreams extends Load {
  private static final String ID = "id";
  private static final String LOOKS = "looks";

  private final LongAdder events = new LongAdder();

  public WorkspaceStreams() {
    super("one", 100, false);
    play(
        exec(session -> session.set(ID, UUID.randomUUID().toString()).set(LOOKS, false))
            .exec(posts("hold", this::workspaces, this::workspaceBody))
            .exec(posts("session", session -> workspace(session, "/sessions"), this::sessionBody))
            .exec(attaches())
            .exec(
                during(time)
                    .on(
                        pause(Client.BEAT)
                            .exec(session -> session.set(LOOKS, !session.getBoolean(LOOKS)))
                            .exec(
                                posts(
                                    "look",
                                    session -> workspace(session, "/current-session"),
                                    this::lookBody))
                            .exec(
                                sse.processUnmatchedMessages((messages, session) -> {
                                  events.add(messages.size());
                                  return session;
                                }))))
            .exec(sse("detach").close())
            .exec(
                http("release")
                    .delete(session -> workspace(session, ""))
                    .check(status().in(200, 204))),
        comingInTurn(),
        "look");
  }

  private static ChainBuilder posts(
      String name, Function<Session, String> url, Function<Session, String> body) {
    return exec(
        http(name)
            .post(url)
            .header("Content-Type", "application/json")
            .body(StringBody(body))
            .check(status().in(200, 201, 202, 204)));
  }

  private ChainBuilder attaches() {
    return exec(
        sse("attach")
            .get(session -> workspace(session, "/events"))
            .await(60)
            .on(sse.checkMessage("workspace").matching(regex("\"event\":\"workspace\""))));
  }

  private String workspaces(Session session) {
    return "/v1/workspaces?client_id=" + session.getString(ID);
  }

  private String workspace(Session session, String what) {
    return "/v1/workspaces/%s%s?client_id=%s"
        .formatted(client.instance(session), what, session.getString(ID));
  }

  private String workspaceBody(Session session) {
    return "{\"id\":\"%s\"}".formatted(client.instance(session));
  }

  private String sessionBody(Session session) {
    return "{\"id\":\"s%d\"}".formatted(session.userId());
  }

  private String lookBody(Session session) {
    return "{\"session_id\":\"%s\"}"
        .formatted(session.getBoolean(LOOKS) ? "s" + session.userId() : "");
  }

  @Override
  public void after() {
    System.out.printf("told: %,d events%n", events.sum());
    super.after();
  }
}
