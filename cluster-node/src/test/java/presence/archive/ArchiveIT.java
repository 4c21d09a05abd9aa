package presence.archive;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The archive as it is handed out, which is also all that the image adds to a Java runtime: run as
/// the image runs it, by a user to whom none of it belongs and who can write only to the journal.
@Timeout(120)
class ArchiveIT {
  private static final Path ARCHIVE = Path.of("target/presence.tar.gz");
  private static final Path DOCKERFILE = Path.of("../Dockerfile");

  /// Nobody, on Linux. Only root can become somebody else; others run it as themselves.
  private static final String NOBODY = "65534";

  private static final boolean ROOT = System.getProperty("user.name").equals("root");
  private static final int TERMINATED = 128 + 15;

  @TempDir Path directory;
  private Path home = Path.of("");

  @BeforeEach
  void unpack() throws Exception {
    home = directory.resolve("presence");
    assertThat(run("tar", "-xzf", ARCHIVE.toAbsolutePath().toString(), "-C", directory.toString()))
        .isZero();
    // a directory of the tests is its owner's alone
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  @Test
  void aNodeRunsFromItReadOnlyAndStopsInOrder() throws Exception {
    Path data = journal();
    Path output = directory.resolve("output");
    List<Path> before = files();
    Process node = start(data, output);
    try {
      URI url = awaitReady(node, output);
      assertThat(status(url.resolve("/health/ready"))).isEqualTo(200);
      node.destroy();

      assertThat(node.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(node.exitValue()).isEqualTo(TERMINATED);
      assertThat(data.resolve("journal.mv.db")).exists();
      assertThat(files()).isEqualTo(before);
      assertThat(Files.readAllLines(output))
          .noneMatch(line -> line.contains("WARN") && !line.contains("heartbeat was delayed"));
    } finally {
      node.destroyForcibly();
    }
  }

  @Test
  void theImageCopiesAllOfIt() throws IOException {
    String dockerfile = Files.readString(DOCKERFILE);
    List<String> directories;
    try (Stream<Path> all = Files.list(home)) {
      directories =
          all.filter(Files::isDirectory).map(each -> each.getFileName().toString()).toList();
    }

    assertThat(dockerfile).contains("ADD cluster-node/" + ARCHIVE + " /\n");
    assertThat(directories).containsExactlyInAnyOrder("app", "bin", "conf", "lib");
    assertThat(directories)
        .allSatisfy(each ->
            assertThat(dockerfile)
                .contains(
                    "COPY --from=archive /presence/%1$s /opt/presence/%1$s\n".formatted(each)));
    assertThat(dockerfile).containsPattern("USER [1-9]\\d*:").doesNotContain("\nHEALTHCHECK");
  }

  @Test
  void theJvmHasTheFlagsTheTestsHave() throws IOException {
    var flags =
        Pattern.compile("<jvm.flags>(.*)</jvm.flags>")
            .matcher(Files.readString(Path.of("../pom.xml")));
    assertThat(flags.find()).isTrue();

    assertThat(Files.readAllLines(home.resolve("conf/jvm.options")))
        .contains(flags.group(1).split(" "))
        .anyMatch(line -> line.startsWith("-XX:MaxRAMPercentage="));
  }

  @Test
  void whatIsOursIsApartFromWhatIsOthers() throws IOException {
    assertThat(jars("app")).containsExactlyInAnyOrder("cluster-node.jar", "protocol.jar");
    assertThat(jars("lib")).hasSizeGreaterThan(40).noneMatch(jar -> jar.contains("junit"));
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> all = Files.walk(home)) {
      return all.sorted().toList();
    }
  }

  private List<String> jars(String of) throws IOException {
    try (Stream<Path> all = Files.list(home.resolve(of))) {
      return all.map(
              each -> each.getFileName().toString().replaceFirst("-\\d[\\w.-]*\\.jar$", ".jar"))
          .toList();
    }
  }

  private Path journal() throws Exception {
    Path data = Files.createDirectory(directory.resolve("data"));
    if (ROOT) {
      assertThat(run("chown", NOBODY, data.toString())).isZero();
    }
    return data;
  }

  private Process start(Path data, Path output) throws IOException {
    List<String> command = new ArrayList<>();
    if (ROOT) {
      command.addAll(
          List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups"));
    }
    command.add(home.resolve("bin/presence").toString());
    var builder =
        new ProcessBuilder(command)
            .directory(Path.of("/").toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().clear();
    builder
        .environment()
        .putAll(
            Map.of(
                "PATH", System.getenv("PATH"),
                "JAVA_HOME", System.getProperty("java.home"),
                "JAVA_OPTS", "-Xmx512m -Djava.io.tmpdir=/",
                "PRESENCE_JOURNAL", "h2:" + data,
                "PRESENCE_HTTP_PORT", "0",
                "PRESENCE_CLUSTER_PORT", "0",
                "PRESENCE_STOP_WITH_PARENT", "true"));
    return builder.start();
  }

  private static URI awaitReady(Process node, Path output) throws Exception {
    while (node.isAlive()) {
      for (String line : Files.readAllLines(output)) {
        if (line.startsWith("ready ")) {
          return URI.create(line.substring("ready ".length()));
        }
      }
      var _ = node.waitFor(100, TimeUnit.MILLISECONDS);
    }
    throw new AssertionError("the node ended: " + Files.readString(output));
  }

  private static int status(URI url) throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(HttpRequest.newBuilder(url).build(), BodyHandlers.discarding()).statusCode();
    }
  }

  private static int run(String... command) throws Exception {
    return new ProcessBuilder(command).inheritIO().start().waitFor();
  }
}
