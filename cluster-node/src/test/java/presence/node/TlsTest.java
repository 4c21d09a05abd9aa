package presence.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import presence.client.ClientOptions;
import presence.client.ClientRuntime;
import presence.client.PresenceClient;
import presence.client.PresenceListener;

@Timeout(120)
class TlsTest {
  @TempDir static Path directory;

  private static Certificates authority;
  private static Path certificate;
  private static Path key;

  @BeforeAll
  static void issue() {
    authority = new Certificates(directory);
    certificate = directory.resolve("tls.crt");
    key = directory.resolve("tls.key");
    authority.issue("localhost", "EC", certificate, key);
    authority.issue(
        "localhost", "EC", directory.resolve("other.crt"), directory.resolve("other.key"));
  }

  private static NodeConfig config(String... more) {
    Map<String, String> environment = new HashMap<>();
    environment.put("PRESENCE_JOURNAL", "memory");
    environment.put("PRESENCE_HTTP_PORT", "0");
    environment.put("PRESENCE_CLUSTER_PORT", "0");
    environment.put("PRESENCE_TLS_CERTIFICATE", certificate.toString());
    environment.put("PRESENCE_TLS_KEY", key.toString());
    environment.put("PRESENCE_TLS_LOOK_EVERY", "100ms");
    for (int i = 0; i < more.length; i += 2) {
      environment.put(more[i], more[i + 1]);
    }
    return NodeConfig.load(environment);
  }

  private static URI start(Node node) {
    return node.start().toCompletableFuture().orTimeout(60, TimeUnit.SECONDS).join();
  }

  private static HttpClient client(String protocol) {
    SSLParameters parameters = new SSLParameters();
    parameters.setProtocols(new String[] {protocol});
    return HttpClient.newBuilder()
        .sslContext(authority.client())
        .sslParameters(parameters)
        .connectTimeout(Duration.ofSeconds(10))
        .executor(Runnable::run)
        .build();
  }

  private static HttpResponse<String> get(HttpClient client, URI url, String path)
      throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(URI.create(url + path)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static BigInteger shown(URI url) throws Exception {
    try (HttpClient client = client("TLSv1.3")) {
      var shown =
          get(client, url, "/health/live").sslSession().orElseThrow().getPeerCertificates()[0];
      return ((X509Certificate) shown).getSerialNumber();
    }
  }

  @Test
  void clientsSpeakTls() throws Exception {
    try (Node node = Node.open(config());
        HttpClient client = client("TLSv1.3");
        HttpClient older = client("TLSv1.2")) {
      URI url = start(node);
      assertThat(url.getScheme()).isEqualTo("https");
      HttpResponse<String> answer = get(client, url, "/session/lobby");
      assertThat(answer.sslSession().orElseThrow().getProtocol()).isEqualTo("TLSv1.3");
      assertThat(answer.body()).contains("\"url\":\"wss://");
      assertThat(answer.headers().firstValue("Strict-Transport-Security")).isPresent();
      assertThat(get(older, url, "/").sslSession().orElseThrow().getProtocol())
          .isEqualTo("TLSv1.2");
    }
  }

  @Test
  void thePresenceClientSpeaksTls() throws Exception {
    try (Node node = Node.open(config());
        HttpClient http = client("TLSv1.3")) {
      URI url = URI.create(start(node).toString().replace("https", "wss") + "/ws");
      PresenceListener nobody = new PresenceListener() {};
      try (PresenceClient client =
          new PresenceClient(ClientOptions.of(url), nobody, ClientRuntime.shared().with(http))) {
        client.connect().get(20, TimeUnit.SECONDS);
        client.join("chat-lobby").get(20, TimeUnit.SECONDS);
        var told = IntStream.range(0, 20).mapToObj(i -> client.location("page-" + i)).toList();
        for (var ok : told) {
          ok.get(20, TimeUnit.SECONDS);
        }
        client.bye().get(20, TimeUnit.SECONDS);
      }
    }
  }

  @Test
  void aReplacedCertificateIsShownWithoutARestart(@TempDir Path replaced) throws Exception {
    Path shownCertificate = Files.copy(certificate, replaced.resolve("tls.crt"));
    Path shownKey = Files.copy(key, replaced.resolve("tls.key"));
    try (Node node =
            Node.open(
                config(
                    "PRESENCE_TLS_CERTIFICATE", shownCertificate.toString(),
                    "PRESENCE_TLS_KEY", shownKey.toString()));
        Socket socket = Socket.open(start(node))) {
      assertThat(socket.says("{\"type\":\"hello\",\"protocol\":1}")).contains("\"welcome\"");
      BigInteger before = shown(socket.url());

      authority.issue("localhost", "RSA", shownCertificate, shownKey);
      await("the new one")
          .atMost(Duration.ofSeconds(20))
          .until(() -> !shown(socket.url()).equals(before));
      BigInteger now = shown(socket.url());
      Files.writeString(shownCertificate, "nothing");

      assertThat(shown(socket.url())).isEqualTo(now);
      assertThat(socket.says("{\"type\":\"chat:leave\",\"instance\":\"chat-x\",\"ref\":\"1\"}"))
          .contains("not_joined");
    }
  }

  @Test
  void whoDoesNotKnowTheAuthorityOrSpeaksNoTlsGetsNoAnswer() throws Exception {
    try (Node node = Node.open(config());
        HttpClient stranger = HttpClient.newHttpClient()) {
      URI url = start(node);
      assertThatThrownBy(() -> get(stranger, url, "/")).isInstanceOf(SSLHandshakeException.class);
      URI plain = URI.create(url.toString().replace("https", "http"));
      assertThatThrownBy(() -> get(stranger, plain, "/")).isInstanceOf(IOException.class);
    }
  }

  /// A WebSocket of the JDK's client.
  private record Socket(URI url, HttpClient http, WebSocket socket, BlockingQueue<String> heard)
      implements AutoCloseable {
    static Socket open(URI url) {
      BlockingQueue<String> heard = new LinkedBlockingQueue<>();
      HttpClient http = client("TLSv1.3");
      WebSocket socket =
          http.newWebSocketBuilder()
              .buildAsync(
                  URI.create(url.toString().replace("https", "wss") + "/ws"),
                  new WebSocket.Listener() {
                    @Override
                    public @Nullable CompletionStage<?> onText(
                        WebSocket from, CharSequence text, boolean last) {
                      from.request(1);
                      heard.add(text.toString());
                      return null;
                    }
                  })
              .orTimeout(20, TimeUnit.SECONDS)
              .join();
      return new Socket(url, http, socket, heard);
    }

    /// The next frame after this.
    String says(String message) throws InterruptedException {
      socket.sendText(message, true).orTimeout(20, TimeUnit.SECONDS).join();
      return Objects.requireNonNull(heard.poll(20, TimeUnit.SECONDS), "nothing is heard");
    }

    @Override
    public void close() {
      http.shutdownNow();
    }
  }

  @Nested
  class AFileThatCannotBeUsed {
    private void isRefused(String problem, String... settings) {
      assertThatThrownBy(() -> Node.open(config(settings)).close())
          .isInstanceOf(ConfigurationError.class)
          .hasMessageContaining(problem)
          .hasMessageStartingWith("PRESENCE_")
          .message()
          .doesNotContain("\n");
    }

    @ParameterizedTest
    @CsvSource({
      "PRESENCE_TLS_CERTIFICATE, nowhere, cannot be read",
      "PRESENCE_TLS_KEY, nowhere, cannot be read",
      "PRESENCE_TLS_KEY, tls.crt, holds no private key",
      "PRESENCE_TLS_CERTIFICATE, tls.key, holds no certificate",
      "PRESENCE_TLS_KEY, other.key, is not the key of",
    })
    void isNamedBeforeAnythingIsStarted(String variable, String file, String problem) {
      isRefused(problem, variable, directory.resolve(file).toString());
    }

    @Test
    void oneOfTwoFilesIsNotEnough() {
      isRefused("PRESENCE_TLS_KEY", "PRESENCE_TLS_KEY", "");
      isRefused("PRESENCE_TLS_KEY", "PRESENCE_TLS_CERTIFICATE", "");
    }

    @Test
    void betweenNodesAllThreeAreNeededAndTheKeyIsRsa() {
      String crt = certificate.toString();
      isRefused("needs certificate, key and authority", "PRESENCE_CLUSTER_TLS_CERTIFICATE", crt);
      isRefused(
          "no RSA key",
          "PRESENCE_CLUSTER_TLS_CERTIFICATE",
          crt,
          "PRESENCE_CLUSTER_TLS_KEY",
          key.toString(),
          "PRESENCE_CLUSTER_TLS_AUTHORITY",
          crt);
    }
  }
}
