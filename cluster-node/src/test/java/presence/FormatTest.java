package presence;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import presence.testkit.BesideOthers;
import presence.testkit.Format;

@BesideOthers
class FormatTest {
  @Test
  void everyJavaFileIsFormatted() {
    assertThat(new Format().misformatted(Format.root()))
        .as("files that `make format` would change")
        .isEmpty();
  }

  @Test
  void anUnusedImportIsFound(@TempDir Path directory) throws IOException {
    Path file = directory.resolve("A.java");
    Files.writeString(file, "import java.util.List;\n\nclass A {}\n");
    assertThat(new Format().misformatted(directory)).containsExactly(file);
  }
}
