package presence.load.gatling;

import static io.gatling.javaapi.core.CoreDsl.StringBody;
import static io.gatling.javaapi.core.CoreDsl.asLongAs;
import static io.gatling.javaapi.core.CoreDsl.asLongAsDuring;
import static io.gatling.javaapi.core.CoreDsl.doIf;
import static io.gatling.javaapi.core.CoreDsl.dummy;
import static io.gatling.javaapi.core.CoreDsl.during;
import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.core.CoreDsl.jsonPath;
import static io.gatling.javaapi.core.CoreDsl.pause;
import static io.gatling.javaapi.core.CoreDsl.regex;
import static io.gatling.javaapi.http.HttpDsl.http;
import static io.gatling.javaapi.http.HttpDsl.ws;

import io.gatling.http.action.ws.WsInboundMessage;
import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.CheckBuilder;
import io.gatling.javaapi.core.Session;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import presence.protocol.ClientMessage;
import presence.protocol.Codec;
import presence.protocol.ServerMessage;
import presence.protocol.Setting;

/// What a client of presence.v1 says and waits for, as steps of a simulation. It looks at what
/// nobody waited for with every beat: answers pings, and counts a refusal as a failed request.
final class Client {
  /// More than a client is told between two beats.
  static final int FRAMES_KEPT = 10_000;

  /// Below the ping period, so that each ping is answered in time.
  static final Duration BEAT = Duration.ofSeconds(1);

  private static final int PATIENCE_S = 60;
  private static final String TOKEN = "token";
  private static final String RESUME = "resume";
  private static final String PINGED = "pinged";
  private static final String REFUSED = "refused";
  private static final String CLOSING = "closing";
  private static final String MOVES = "moves";
  private static final String CHANCE = "chance";
  private static final String SEES = "sees";
  private static final String WORD = "word";
  private static final String OTHERS = "others";

  private final Codec codec = new Codec(1 << 24, 32);
  private final Target target;
  private final int room;
  private final long seed;
  private final String run = Long.toString(System.currentTimeMillis(), 36);
  private final LongAdder words = new LongAdder();
  private final LongAdder changes = new LongAdder();
  private final LongAdder moves = new LongAdder();

  Client(Target target, int room, long seed) {
    this.target = target;
    this.room = room;
    this.seed = seed;
  }

  /// The instance of a user, one for every so many.
  String instance(Session session) {
    return "%s-%d".formatted(run, (session.userId() - 1) / room);
  }

  /// Chance of its own for each user, the same from the same seed.
  static SplittableRandom chance(Session session) {
    SplittableRandom chance = session.get(CHANCE);
    return Objects.requireNonNull(chance, "set when the user came");
  }

  String write(ClientMessage message) {
    return codec.encode(message);
  }

  /// A socket and a session of a new person, who looks at their instance.
  ChainBuilder comes() {
    return exec(
        exec(session ->
            session.set(CHANCE, new SplittableRandom(seed * 1_000_003 + session.userId()))),
        http("token")
            .post("/dev/token")
            .header("Content-Type", "application/json")
            .body(StringBody(this::handle))
            .check(jsonPath("$.token").saveAs(TOKEN)),
        opens(),
        ws("hello")
            .sendText(session -> write(hello(session, null, Setting.to(instance(session)))))
            .await(PATIENCE_S)
            .on(
                ws.checkTextMessage("welcome")
                    .matching(isA("welcome"))
                    .check(regex("\"resume\":\"([^\"]+)\"").saveAs(RESUME))));
  }

  private String handle(Session session) {
    return "{\"handle\":\"@g%s-%d\"}".formatted(run, session.userId());
  }

  private ChainBuilder opens() {
    return exec(
        ws("connect")
            .connect(session ->
                "ws://" + target.node(session.userId(), moved(session)).getAuthority() + "/ws")
            .subprotocol("presence.v1"));
  }

  private static int moved(Session session) {
    return session.contains(MOVES) ? session.getInt(MOVES) : 0;
  }

  private static ClientMessage.Hello hello(
      Session session, ClientMessage.@Nullable Resume resume, @Nullable Setting location) {
    return new ClientMessage.Hello(
        1, session.getString(TOKEN), null, resume, location, true, null, null, null);
  }

  static CheckBuilder isA(String type) {
    return regex("\"type\":\"" + type + "\"");
  }

  /// Says something and waits for an answer of this type.
  ChainBuilder asks(String name, Function<Session, ClientMessage> message, String type) {
    return exec(
        ws(name)
            .sendText(session -> write(message.apply(session)))
            .await(PATIENCE_S)
            .on(ws.checkTextMessage(type).matching(isA(type))));
  }

  /// Says something that is not answered.
  ChainBuilder says(String name, Function<Session, ClientMessage> message) {
    return exec(ws(name).sendText(session -> write(message.apply(session))));
  }

  /// Becomes a member. A ping came right behind the welcome.
  ChainBuilder joins() {
    return says("pong", _ -> new ClientMessage.Pong(null))
        .exec(
            ws("join")
                .sendText(
                    session -> write(new ClientMessage.Join(instance(session), null, null, null)))
                .await(PATIENCE_S)
                .on(
                    ws.checkTextMessage("presence")
                        .matching(isA("presence"))
                        .check(
                            regex("\"sessions\":(\\d+)")
                                .find()
                                .transform(Integer::valueOf)
                                .saveAs(SEES))));
  }

  /// Waits until it sees so many sessions.
  ChainBuilder sees(int sessions) {
    return asLongAsDuring(
            session -> session.getInt(SEES) < sessions, Duration.ofSeconds(PATIENCE_S))
        .on(pause(Duration.ofMillis(100)).exec(hears()))
        .exec(dummy("sees all", 1).withSuccess(session -> session.getInt(SEES) >= sessions));
  }

  /// Says a word and waits for its own copy of it in the stream.
  ChainBuilder talks() {
    return exec(session -> session.set(WORD, nextWord(session)))
        .exec(
            ws("say")
                .sendText(session -> {
                  String word = session.getString(WORD);
                  return write(new ClientMessage.Say(instance(session), word, word, null));
                })
                .await(PATIENCE_S)
                .on(
                    ws.checkTextMessage("own word")
                        .matching(
                            regex(session ->
                                "\"clientMessageId\":\"" + session.getString(WORD) + '"'))));
  }

  private static String nextWord(Session session) {
    return "%d-%d".formatted(session.userId(), chance(session).nextLong(1L << 53));
  }

  /// Looks at what came since the last thing it said: Gatling forgets it with the next. A node that
  /// is closing may not be there any more to hear an answer.
  ChainBuilder hears() {
    return exec(ws.processUnmatchedMessages(this::hear))
        .exec(
            doIf(session -> session.contains(PINGED) && !session.contains(CLOSING))
                .then(says("pong", _ -> new ClientMessage.Pong(null)).exec(without(PINGED))),
            doIf(session -> session.contains(REFUSED))
                .then(exec(dummy("refused", 1).withSuccess(false)).exec(without(REFUSED))));
  }

  private static ChainBuilder without(String attribute) {
    return exec(session -> session.remove(attribute));
  }

  private Session hear(List<WsInboundMessage> frames, Session session) {
    Session now = session;
    for (WsInboundMessage frame : frames) {
      if (frame instanceof WsInboundMessage.Text text) {
        for (ServerMessage message : codec.decodeServerFrame(text.message())) {
          now = hear(message, now);
        }
      }
    }
    return now;
  }

  private Session hear(ServerMessage message, Session session) {
    return switch (message) {
      case ServerMessage.Ping _ -> session.set(PINGED, true);
      case ServerMessage.Closing closing -> session.set(CLOSING, closing.reconnectAfterMs());
      case ServerMessage.Error error -> {
        System.out.println("refused: " + error.code().word() + ": " + error.message());
        yield session.set(REFUSED, true);
      }
      case ServerMessage.Said said -> {
        words.increment();
        yield said.clientMessageId() == null ? session.set(OTHERS, true) : session;
      }
      case ServerMessage.Delta delta -> {
        changes.increment();
        yield session.set(SEES, delta.counts().sessions());
      }
      case ServerMessage.Moved moved -> {
        moves.add(moved.moves().size());
        yield session.set(OTHERS, true);
      }
      default -> session;
    };
  }

  /// That it was told what others said or how they moved.
  static ChainBuilder heardOthers() {
    return exec(dummy("hears others", 1).withSuccess(session -> session.contains(OTHERS)));
  }

  /// Does something with every beat for a while, and first hears what came.
  ChainBuilder with(Duration beat, Duration time, ChainBuilder what) {
    return during(time).on(pause(beat).exec(hears()).exec(what));
  }

  /// Is there for a while.
  ChainBuilder stays(Duration time) {
    return during(time).on(pause(BEAT).exec(hears()));
  }

  /// Is there until something is over; goes to the next node when its own says that it is closing.
  ChainBuilder staysOrMoves(CompletableFuture<Void> until) {
    return asLongAs(_ -> !until.isDone())
        .on(
            pause(BEAT)
                .exec(hears())
                .doIf(session -> session.contains(CLOSING))
                .then(
                    pause(session -> Duration.ofMillis(session.getLong(CLOSING)))
                        .exec(session ->
                            session.removeAll(CLOSING, PINGED).set(MOVES, moved(session) + 1))
                        .exec(comesBack())));
  }

  /// Loses its socket, opens another and goes on with the same session.
  ChainBuilder comesBack() {
    return exec(
        ws("close").close(),
        opens(),
        ws("resume")
            .sendText(session ->
                write(
                    hello(
                        session,
                        new ClientMessage.Resume(session.getString(RESUME), List.of()),
                        null)))
            .await(PATIENCE_S)
            .on(
                ws.checkTextMessage("welcome back")
                    .matching(isA("welcome"))
                    .check(
                        regex("\"resumed\":true").exists(),
                        regex("\"resume\":\"([^\"]+)\"").saveAs(RESUME))),
        says("pong", _ -> new ClientMessage.Pong(null)));
  }

  /// Ends its session.
  ChainBuilder goes() {
    return says("bye", _ -> new ClientMessage.Bye(null)).exec(ws("close").close());
  }

  /// What all users were told that nobody waited for.
  String told() {
    return "told: %,d chat messages, %,d changes, %,d moves"
        .formatted(words.sum(), changes.sum(), moves.sum());
  }
}
