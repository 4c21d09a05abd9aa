package presence.load.gatling;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatling.app.Gatling;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Tag("by-hand")
class GatlingTest {
  @TempDir Path directory;

  /// In a JVM of its own, as the plugin starts it: no request failed, and there is a report.
  @Test
  @Timeout(120)
  void tenUsersAreThereForASecond() throws Exception {
    Process gatling =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--sun-misc-unsafe-memory-access=allow",
                "--enable-native-access=ALL-UNNAMED",
                "--add-opens=java.base/java.lang=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-Djava.util.prefs.userRoot=" + directory,
                "-Dusers=10",
                "-Dseconds=1",
                "-Dramp=1",
                "-cp",
                System.getProperty("java.class.path"),
                Gatling.class.getName(),
                "--simulation",
                SteadyPresence.class.getName(),
                "--results-folder",
                directory.toString())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("output").toFile())
            .start();

    assertThat(gatling.waitFor(100, TimeUnit.SECONDS)).isTrue();

    List<String> output = Files.readAllLines(directory.resolve("output"));
    assertThat(gatling.exitValue()).as(String.join("\n", output)).isZero();
    try (Stream<Path> files = Files.walk(directory)) {
      assertThat(files).anyMatch(file -> file.endsWith("index.html"));
    }
  }
}
