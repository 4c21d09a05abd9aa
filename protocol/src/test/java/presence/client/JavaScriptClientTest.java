package presence.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Runs the tests of the JavaScript client (`src/test/js`) with Node, which brings its own test
/// runner.
class JavaScriptClientTest {

  /// The first Node whose test runner has a stable summary in TAP.
  private static final int NODE_MAJOR_MIN = 18;

  private static final String HOW_TO_INSTALL =
      "The JavaScript client is tested with Node %d or newer: put `node` on the PATH (Debian: apt-get install nodejs)."
          .formatted(NODE_MAJOR_MIN);

  @Test
  @Timeout(value = 5, unit = TimeUnit.MINUTES)
  void theJavaScriptClientPassesItsTests() throws Exception {
    requireNode();
    Outcome outcome =
        run(
            Stream.concat(
                Stream.of("node", "--test", "--test-reporter=tap"), testFiles().stream()));
    assertThat(outcome.exitCode()).as("%s", outcome.output()).isZero();
    assertThat(outcome.number("tests")).as("tests that ran: %s", outcome.output()).isPositive();
    assertThat(outcome.number("pass"))
        .as("every test passed, none was skipped")
        .isEqualTo(outcome.number("tests"));
  }

  private static List<String> testFiles() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("src", "test", "js"))) {
      List<String> tests =
          files.map(Path::toString).filter(name -> name.endsWith(".test.mjs")).sorted().toList();
      assertThat(tests).as("test files in src/test/js").isNotEmpty();
      return tests;
    }
  }

  private static void requireNode() throws Exception {
    if (nodeMajor() >= NODE_MAJOR_MIN) {
      return;
    }
    if ("root".equals(System.getProperty("user.name"))
        && Files.exists(Path.of("/etc/debian_version"))) {
      run(Stream.of("apt-get", "install", "-y", "nodejs"));
    }
    int major = nodeMajor();
    if (major < NODE_MAJOR_MIN) {
      fail(HOW_TO_INSTALL + (major == 0 ? " There is none." : " Found: Node " + major + "."));
    }
  }

  /// The major version of the `node` on the PATH, or 0 where there is none.
  private static int nodeMajor() throws Exception {
    var version =
        Pattern.compile("^v(\\d+)\\.").matcher(run(Stream.of("node", "--version")).output());
    return version.find() ? Integer.parseInt(version.group(1)) : 0;
  }

  private static Outcome run(Stream<String> command) throws IOException, InterruptedException {
    Path output = Files.createTempFile("presence-client", ".tap");
    try {
      Process process =
          new ProcessBuilder(command.toList())
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      boolean ended = process.waitFor(2, TimeUnit.MINUTES);
      process.destroyForcibly();
      return new Outcome(ended ? process.exitValue() : -1, Files.readString(output));
    } catch (IOException absent) {
      return new Outcome(-1, String.valueOf(absent.getMessage()));
    } finally {
      Files.delete(output);
    }
  }

  private record Outcome(int exitCode, String output) {

    /// A line of the runner's summary, such as `# tests 113`.
    int number(String name) {
      var line = Pattern.compile("(?m)^# " + name + " (\\d+)$").matcher(output);
      return line.find() ? Integer.parseInt(line.group(1)) : 0;
    }
  }
}
