package presence.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What one address gets of a node, and what it does not; each test calls from one of its own.
@Timeout(60)
class CallerLimitsTest {
  private static final InetAddress PROXY = InetAddress.ofLiteral("127.9.9.9");
  private static final int SOCKETS = 6;
  private static final int CONNECTIONS = 9;
  private static final AtomicInteger ADDRESSES = new AtomicInteger(1);

  private static LiveNode node;

  private final InetAddress mallory = address();
  private final List<AutoCloseable> open = new ArrayList<>();

  @BeforeAll
  static void start() {
    node =
        LiveNode.with(
            "PRESENCE_CALLERS_UNLIMITED", "127.0.0.1",
            "PRESENCE_CALLERS_PROXIES", PROXY.getHostAddress(),
            "PRESENCE_CALLERS_CONNECTIONS_MAX", String.valueOf(CONNECTIONS),
            "PRESENCE_CALLERS_SOCKETS_MAX", String.valueOf(SOCKETS),
            "PRESENCE_CALLERS_ANONYMOUS_MAX", "1",
            "PRESENCE_CALLERS_REQUESTS_PER_MINUTE", "1",
            "PRESENCE_CALLERS_REQUESTS_BURST", "60",
            "PRESENCE_CALLERS_FAILURES_PER_MINUTE", "1",
            "PRESENCE_CALLERS_FAILURES_BURST", "2",
            "PRESENCE_CALLERS_FIRST_REQUEST", "3s");
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable each : open) {
      each.close();
    }
  }

  private static InetAddress address() {
    return InetAddress.ofLiteral("127.1.1." + ADDRESSES.getAndIncrement());
  }

  private RawHttp connect(InetAddress from) {
    RawHttp http = new RawHttp(node.url(), from);
    open.add(http);
    return http;
  }

  private RawHttp.Answer upgrade(InetAddress from, String... headers) {
    return connect(from)
        .upgrade("a.example", 13, headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n");
  }

  private int upgradeOnce() {
    try (RawHttp http = new RawHttp(node.url(), mallory)) {
      return http.upgrade("a.example", 13, "").status();
    }
  }

  private Client client(InetAddress from) {
    HttpClient http = HttpClient.newBuilder().localAddress(from).build();
    open.add(http::shutdownNow);
    return Client.connect(
        http, URI.create(node.url().toString().replaceFirst("^http", "ws") + "/ws"));
  }

  private static void assertTooMany(RawHttp.Answer answer) {
    answer.assertError(429, "rate_limited");
    assertThat(Integer.parseInt(answer.headers().get("retry-after"))).isPositive();
  }

  private static double refused(String limit) {
    return node.get("/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith("presence_callers_refused_total{limit=\"" + limit + "\"}"))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
        .sum();
  }

  @Test
  void oneAddressHasSoManySocketsAndOthersHaveTheirs() throws Exception {
    for (int i = 0; i < SOCKETS; i++) {
      assertThat(upgrade(mallory).status()).isEqualTo(101);
    }
    double before = refused("sockets");

    assertTooMany(upgrade(mallory));
    assertThat(refused("sockets")).isGreaterThan(before);
    assertThat(upgrade(address()).status()).isEqualTo(101);
    open.getFirst().close();
    await("room").ignoreExceptions().until(() -> upgradeOnce() == 101);
  }

  @Test
  void anAddressThatAClientMadeUpCountsForNothing() {
    for (int i = 0; i < SOCKETS; i++) {
      assertThat(upgrade(mallory).status()).isEqualTo(101);
    }

    assertTooMany(upgrade(mallory, "X-Forwarded-For: 6.6.6.6"));
    assertTooMany(upgrade(mallory, "Forwarded: for=6.6.6.6", "X-Real-Ip: 6.6.6.6"));
  }

  @Test
  void behindAProxyEveryClientCountsForItself() {
    for (int i = 0; i < SOCKETS; i++) {
      assertThat(upgrade(PROXY, "X-Forwarded-For: " + i + ".6.6.6, 203.0.113.5").status())
          .isEqualTo(101);
    }

    assertTooMany(upgrade(PROXY, "X-Forwarded-For: 9.9.9.9, 203.0.113.5"));
    for (int i = 0; i < 3; i++) {
      assertThat(upgrade(PROXY, "X-Forwarded-For: 203.0.113.1" + i).status()).isEqualTo(101);
    }
  }

  @Test
  void streamsOfEventsCountAsSocketsDo() throws Exception {
    node.person("@ann").join("chat-limits");
    String stream = "GET /v1/instances/chat-limits/events HTTP/1.1\r\nHost: a.example\r\n\r\n";
    for (int i = 0; i < SOCKETS; i++) {
      RawHttp reader = connect(mallory);
      reader.write(stream);
      assertThat(reader.line()).contains("200");
    }
    await("all").until(() -> connectAndAsk(stream).equals("HTTP/1.1 429 Too Many Requests"));
    open.getFirst().close();
    await("room").until(() -> connectAndAsk(stream).equals("HTTP/1.1 200 OK"));
  }

  private String connectAndAsk(String request) {
    try (RawHttp http = new RawHttp(node.url(), mallory)) {
      http.write(request);
      return http.line();
    }
  }

  @Test
  void oneAddressHasSoManyConnectionsAndFurtherOnesEnd() throws Exception {
    List<RawHttp> held = new ArrayList<>();
    for (int i = 0; i < CONNECTIONS; i++) {
      held.add(connect(mallory));
      assertThat(held.getLast().get("/health/live").status()).isEqualTo(200);
    }

    assertThatThrownBy(() -> connect(mallory).get("/health/live"))
        .isInstanceOfAny(IllegalStateException.class, UncheckedIOException.class);
    assertThat(refused("connections")).isPositive();
    assertThat(connect(address()).get("/health/live").status()).isEqualTo(200);
    held.getFirst().close();
    await("room")
        .ignoreExceptions()
        .until(() -> connect(mallory).get("/health/live").status() == 200);
  }

  @Test
  void whoAsksTooOftenIsToldToWaitAndOthersAreAnswered() {
    RawHttp http = connect(mallory);
    for (int i = 0; i < 60; i++) {
      assertThat(http.get("/v1/users/@nobody" + i).status()).isNotEqualTo(429);
    }

    assertTooMany(http.get("/v1/users/@nobody"));
    assertThat(http.get("/client.js").status()).isEqualTo(200);
    assertThat(connect(address()).get("/v1/users/@nobody").status()).isNotEqualTo(429);
    assertThat(refused("requests")).isPositive();
  }

  @Test
  void whoSendsNothingOrAHeadByteByByteIsCutOff() {
    RawHttp silent = connect(mallory);
    RawHttp slow = connect(mallory);
    slow.write("GET / HTTP/1.1\r\nHost: a.example\r\nX-Slow: ");

    for (RawHttp each : List.of(silent, slow)) {
      assertThatThrownBy(each::line)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageStartingWith("the connection ended");
    }
  }

  @Test
  void whoProvesNothingTooOftenMayGuessNoFurtherButItsNeighbourComesBack() {
    Client ann = client(mallory);
    String resume = node.hello(ann, "ann-of-limits").get("resume").asText();
    for (int i = 0; i < 2; i++) {
      Client guesser = client(mallory);
      guesser.say("{'type':'hello','protocol':1,'token':'guess-%d'}".formatted(i));
      assertThat(guesser.await("error").get("code").asText()).isEqualTo("bad_token");
      assertThat(guesser.closeCode()).isEqualTo(4403);
    }

    Client guesser = client(mallory);
    guesser.say(
        "{'type':'hello','protocol':1,'ref':'r','token':'%s'}".formatted(node.token("mallory")));
    JsonNode error = guesser.await("error");
    assertThat(error.get("code").asText()).isEqualTo("rate_limited");
    assertThat(error.get("ref").asText()).isEqualTo("r");
    assertThat(error.get("retryable").asBoolean()).isTrue();
    assertThat(error.get("retryAfterMs").asLong()).isBetween(1L, 60_000L);
    assertThat(guesser.closeCode()).isEqualTo(4300);

    Client back = client(mallory);
    back.say("{'type':'hello','protocol':1,'resume':{'token':'%s'}}".formatted(resume));
    assertThat(back.await("welcome").get("resumed").asBoolean()).isTrue();
    assertThat(refused("failures")).isPositive();
  }

  @Test
  void soManySocketsOfOneAddressMayBeNobodysAndPersonsAreNotConcerned() {
    Client nobody = client(mallory);
    nobody.say("{'type':'hello','protocol':1}");
    nobody.await("welcome");

    Client another = client(mallory);
    another.say("{'type':'hello','protocol':1}");
    assertThat(another.await("error").get("code").asText()).isEqualTo("rate_limited");
    assertThat(another.closeCode()).isEqualTo(4300);
    node.hello(client(mallory), "zoe-of-limits");

    nobody.say("{'type':'authenticate','token':'%s'}".formatted(node.token("yan-of-limits")));
    nobody.await("authenticated");
    Client third = client(mallory);
    third.say("{'type':'hello','protocol':1}");
    third.await("welcome");
  }
}
