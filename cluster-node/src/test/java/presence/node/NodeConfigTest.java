package presence.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import presence.store.JournalLocation;
import presence.testkit.SharedProcess;

@SharedProcess
class NodeConfigTest {

  private static final String SECRET = "0123456789abcdef0123456789abcdef";
  private static final String POSTGRES = "jdbc:postgresql://db/presence?user=ann&password=pw";

  @Nested
  class WithAnEmptyEnvironment {

    private final NodeConfig config = NodeConfig.load(Map.of());

    @Test
    void aNodeIsAClusterOfOneOnLoopbackWithAFile() {
      assertThat(config.host()).isEqualTo("127.0.0.1");
      assertThat(config.httpPort()).isEqualTo(8889);
      assertThat(config.clusterPort()).isEqualTo(7355);
      assertThat(config.seeds()).isEmpty();
      assertThat(config.journal()).isEqualTo(new JournalLocation.Directory(Path.of("./data")));
      assertThat(config.publicUrl()).isEmpty();
      assertThat(config.presence().getDuration("grace")).isEqualTo(Duration.ofSeconds(90));
    }

    @Test
    void loopbackIsOpen() {
      assertThat(config.access().open()).isTrue();
      assertThat(config.access().adminToken()).isEmpty();
    }
  }

  @Nested
  class FromTheEnvironment {

    @Test
    void everyVariableOfTheContractIsHeard() {
      var config =
          load(
              "PRESENCE_HOST", "127.0.0.2",
              "PRESENCE_HTTP_PORT", "0",
              "PRESENCE_CLUSTER_PORT", "7000",
              "PRESENCE_SEEDS", "127.0.0.2:7000, node-b:7001",
              "PRESENCE_JOURNAL", POSTGRES,
              "PRESENCE_GRACE", "2m",
              "PRESENCE_PING", "500ms",
              "PRESENCE_AUTH", "required",
              "PRESENCE_JWT_SECRET", SECRET,
              "PRESENCE_ADMIN_TOKEN", "root",
              "PRESENCE_PUBLIC_URL", "https://chat.example.org");

      assertThat(config.host()).isEqualTo("127.0.0.2");
      assertThat(config.httpPort()).isZero();
      assertThat(config.clusterPort()).isEqualTo(7000);
      assertThat(config.seeds())
          .containsExactly(new HostPort("127.0.0.2", 7000), new HostPort("node-b", 7001));
      assertThat(config.journal()).isEqualTo(new JournalLocation.Postgres(POSTGRES));
      assertThat(config.presence().getDuration("grace")).isEqualTo(Duration.ofMinutes(2));
      assertThat(config.presence().getDuration("ping")).isEqualTo(Duration.ofMillis(500));
      assertThat(config.access().open()).isFalse();
      assertThat(config.access().jwtSecret()).contains(SECRET);
      assertThat(config.access().adminToken()).contains("root");
      assertThat(config.publicUrl()).contains(URI.create("https://chat.example.org"));
      assertThat(load("PRESENCE_JWKS_URL", "https://id.example.org/keys").access().jwksUrl())
          .contains(URI.create("https://id.example.org/keys"));
    }

    @Test
    void everyOtherSettingHasAVariableToo() {
      var presence =
          load(
                  "PRESENCE_INSTANCE_HISTORY_MAX",
                  "7",
                  "PRESENCE_ALLOWED_ORIGINS",
                  "http://a, https://b:8443")
              .presence();

      assertThat(presence.getInt("instance.history-max")).isEqualTo(7);
      assertThat(presence.getStringList("allowed-origins"))
          .containsExactly("http://a", "https://b:8443");
    }

    @Test
    void aCapacityOfZeroIsNoLimit() {
      var presence =
          load("PRESENCE_INSTANCE_CAPACITY", "0", "PRESENCE_WORLD_CAPACITY", "0").presence();

      assertThat(presence.getInt("instance.capacity")).isZero();
      assertThat(presence.getInt("world.capacity")).isZero();
    }

    @Test
    void variablesThatKubernetesSetsForAServiceAreIgnored() {
      assertThat(load("PRESENCE_PORT", "tcp://10.0.0.1:8889").httpPort()).isEqualTo(8889);
    }

    @Test
    void everyAddressOfTheMachineIsNoNameForOtherNodes() {
      var config = load("PRESENCE_HOST", "0.0.0.0", "PRESENCE_AUTH", "open");

      assertThat(config.clusterHost()).isEqualTo("127.0.0.1");
    }

    @Test
    void aHostThatOthersReachNeedsProofOfIdentity() {
      assertThat(load("PRESENCE_HOST", "0.0.0.0", "PRESENCE_JWT_SECRET", SECRET).access().open())
          .isFalse();
    }
  }

  @Nested
  class FromAFile {

    @AfterEach
    void forget() {
      System.clearProperty("config.file");
    }

    @Test
    void aFileSetsWhatTheEnvironmentDoesNot(@TempDir Path directory) throws IOException {
      use(directory, "presence { grace = 1m, ping = 1s, pieces { \"a.b\" = [\"chat\", \"x\"] } }");

      var presence = load("PRESENCE_PING", "2s").presence();

      assertThat(presence.getDuration("grace")).isEqualTo(Duration.ofMinutes(1));
      assertThat(presence.getDuration("ping")).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void anErrorNamesTheLineOfTheFile(@TempDir Path directory) throws IOException {
      use(directory, "presence {\n  grace = soon\n}");

      assertRefused("presence.grace", Map.of());
      assertRefused("presence.conf: 2", Map.of());
    }

    @Test
    void aMisspeltKeyIsRefused(@TempDir Path directory) throws IOException {
      use(directory, "presence.grase = 1m");

      assertRefused("presence.grase", Map.of());
      assertRefused("there is no such setting", Map.of());
    }

    @Test
    void piecesMustBeLists(@TempDir Path directory) throws IOException {
      use(directory, "presence.pieces.lobby = 3");

      assertRefused("write NAME = [\"piece\", …] for lobby", Map.of());
    }

    @Test
    void aMissingFileIsRefused(@TempDir Path directory) {
      System.setProperty("config.file", directory.resolve("absent.conf").toString());

      assertRefused("absent.conf", Map.of());
    }

    private void use(Path directory, String text) throws IOException {
      var file = Files.writeString(directory.resolve("my-presence.conf"), text);
      System.setProperty("config.file", file.toString());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          PRESENCE_HTTP_PORT        | eighty         | from 0 to 65535
          PRESENCE_HTTP_PORT        | 65536          | from 0 to 65535
          PRESENCE_CLUSTER_PORT     | -1             | from 0 to 65535
          PRESENCE_CLUSTER_PORT     | 8889           | is the HTTP port already
          PRESENCE_HOST             | no.such.host.invalid | is not an address
          PRESENCE_GRACE            | 90             | with its unit
          PRESENCE_GRACE            | 0s             | with its unit
          PRESENCE_PING             | often          | with its unit
          PRESENCE_JOURNAL          | mysql          | h2:DIR, memory, or jdbc:postgresql:
          PRESENCE_SEEDS            | node-a         | is not host:port
          PRESENCE_SEEDS            | node-a:7355    | a cluster needs PostgreSQL
          PRESENCE_AUTH             | closed         | open or required
          PRESENCE_AUTH             | required       | set PRESENCE_JWT_SECRET or PRESENCE_JWKS_URL
          PRESENCE_JWT_SECRET       | short          | at least 32 bytes
          PRESENCE_JWKS_URL         | keys.json      | an absolute URL
          PRESENCE_PUBLIC_URL       | chat           | an absolute URL
          PRESENCE_INSTANCE_CAPACITY| many           | a whole number
          PRESENCE_CONNECTION_FRAME_BYTES_MAX | 64   | a size with its unit
          PRESENCE_INSTANCE_FLUSH_MIN | 10s          | not be longer than PRESENCE_INSTANCE_FLUSH_MAX
          PRESENCE_STORE_H2_WRITERS | 0              | from 1
          PRESENCE_STOP_WITH_PARENT | yes            | true or false
          """)
  void aVariableThatCannotWorkIsNamedInOneLine(String variable, String value, String problem) {
    assertRefused(variable, Map.of(variable, value));
    assertRefused(problem, Map.of(variable, value));
  }

  @Test
  void anOriginHasASchemeAndAHost() {
    assertRefused(
        "\"a.example\" is not an origin", Map.of("PRESENCE_ALLOWED_ORIGINS", "*,a.example"));
  }

  @Test
  void clocksMayNotDifferByMuch() {
    assertRefused("PRESENCE_JWT_SKEW", Map.of("PRESENCE_JWT_SKEW", "1h"));
    assertRefused("PRESENCE_JWT_HANDLE_CLAIM", Map.of("PRESENCE_JWT_HANDLE_CLAIM", " "));
  }

  @Test
  void twoWaysToSignTokensAreOneTooMany() {
    assertRefused(
        "remove one of the two",
        Map.of("PRESENCE_JWT_SECRET", SECRET, "PRESENCE_JWKS_URL", "https://id.example.org/keys"));
  }

  @Test
  void aClusterNeedsAnAddressOthersReach() {
    assertRefused(
        "write the one that other nodes reach",
        Map.of(
            "PRESENCE_HOST", "0.0.0.0",
            "PRESENCE_SEEDS", "a:1",
            "PRESENCE_JOURNAL", POSTGRES,
            "PRESENCE_AUTH", "open"));
  }

  @Test
  void secretsAreNotInWhatIsPrinted() {
    var config =
        load(
            "PRESENCE_JWT_SECRET",
            SECRET,
            "PRESENCE_JOURNAL",
            POSTGRES,
            "PRESENCE_ADMIN_TOKEN",
            "root");

    assertThat(config + " " + config.access()).doesNotContain(SECRET, "pw", "root");
  }

  private static void assertRefused(String part, Map<String, String> environment) {
    assertThatThrownBy(() -> NodeConfig.load(environment))
        .isInstanceOf(ConfigurationError.class)
        .hasMessageContaining(part)
        .hasMessageNotContaining("\n");
  }

  private static NodeConfig load(String... variables) {
    var environment = new HashMap<String, String>();
    for (var i = 0; i < variables.length; i += 2) {
      environment.put(variables[i], variables[i + 1]);
    }
    return NodeConfig.load(environment);
  }
}
