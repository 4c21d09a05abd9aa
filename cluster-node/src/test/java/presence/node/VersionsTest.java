package presence.node;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// Pekko refuses modules of different versions unless told otherwise, and it had to be told: see
/// `node.conf`. This stands in for that guard.
class VersionsTest {

  private static final Pattern MODULE =
      Pattern.compile(
          "(pekko-(?!http|management|persistence-jdbc|discovery-|lease-|parsing|connectors)[a-z-]+)_2\\.13-([\\d.]+)\\.jar");
  private static final Set<String> KNOWN = Set.of("pekko-discovery", "pekko-stream-testkit");

  @Test
  void onlyTwoModulesDifferFromTheVersionOfTheOthers() throws IOException {
    var modules =
        Collections.list(getClass().getClassLoader().getResources("META-INF/MANIFEST.MF")).stream()
            .map(url -> url.getPath().replaceFirst("!.*", ""))
            .map(jar -> Path.of(jar.replaceFirst("^file:", "")).getFileName().toString())
            .map(MODULE::matcher)
            .filter(matcher -> matcher.matches() && !KNOWN.contains(matcher.group(1)))
            .toList();

    assertThat(modules).hasSizeGreaterThan(10);
    assertThat(modules.stream().map(matcher -> matcher.group(2)).collect(toSet())).hasSize(1);
  }
}
