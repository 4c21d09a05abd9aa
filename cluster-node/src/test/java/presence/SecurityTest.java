package presence;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import presence.testkit.Format;

/// What `SECURITY.md` says is stopped is shown to be, by tests that exist.
class SecurityTest {
  private static final Pattern ROW =
      Pattern.compile("(?m)^\\|(?!--)([^|]+)\\|([^|]+)\\|([^|]+)\\|$");
  private static final int ATTACKS_MIN = 60;
  private static final Pattern NAMED = Pattern.compile("`(\\w+(?:Test|Cases))(?:\\.(\\w+))?`");

  @Test
  void everyRowOfTheThreatModelNamesATestAndEveryNamedTestExists() throws IOException {
    Map<String, String> tests = tests();
    List<MatchResult> rows =
        ROW.matcher(Files.readString(Format.root().resolve("SECURITY.md")))
            .results()
            .filter(row -> !row.group(3).strip().equals("test"))
            .toList();

    assertThat(rows).hasSizeGreaterThanOrEqualTo(ATTACKS_MIN);
    for (MatchResult row : rows) {
      List<MatchResult> named = NAMED.matcher(row.group(3)).results().toList();
      assertThat(named).as(row.group(1)).isNotEmpty();
      for (MatchResult test : named) {
        assertThat(tests).as(row.group(1)).containsKey(test.group(1));
        if (test.group(2) != null) {
          assertThat(tests.get(test.group(1)))
              .as(test.group())
              .containsPattern("(void|class) " + test.group(2) + "\\b");
        }
      }
    }
  }

  /// The source of every test of the project, by the name of its class.
  private static Map<String, String> tests() {
    Map<String, String> tests = new TreeMap<>();
    for (String module : List.of("protocol", "cluster-node", "load-tests")) {
      try (Stream<Path> files = Files.walk(Format.root().resolve(module).resolve("src/test"))) {
        files
            .filter(file -> file.toString().endsWith(".java"))
            .forEach(
                file -> tests.put(file.getFileName().toString().replace(".java", ""), read(file)));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return tests;
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
