package presence.testkit;

import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// How every Java file of this repository is laid out: as google-java-format does it, without
/// unused imports. Run as a program it rewrites the files that are not.
public final class Format {
  private static final Set<String> NOT_OURS = Set.of("target", "node_modules", ".git", ".m2");

  private final Formatter formatter = new Formatter();

  /// The root of the repository: the outermost directory around this one that is built by Maven.
  public static Path root() {
    Path root = Path.of("").toAbsolutePath();
    while (root.getParent() != null && Files.exists(root.resolveSibling("pom.xml"))) {
      root = root.getParent();
    }
    return root;
  }

  /// The Java files below a directory that are laid out in another way.
  public List<Path> misformatted(Path directory) {
    try (Stream<Path> files = Files.walk(directory)) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .filter(file -> isOurs(directory.relativize(file)))
          .filter(file -> !formatted(file).equals(read(file)))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isOurs(Path file) {
    for (Path part : file) {
      if (NOT_OURS.contains(part.toString())) {
        return false;
      }
    }
    return true;
  }

  private String formatted(Path file) {
    try {
      return formatter.formatSourceAndFixImports(read(file));
    } catch (FormatterException e) {
      throw new IllegalStateException(file + " cannot be read as Java", e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Rewrites what is misformatted, and names it.
  public static void main(String[] arguments) throws IOException {
    Format format = new Format();
    for (Path file : format.misformatted(root())) {
      Files.writeString(file, format.formatted(file));
      System.out.println(root().relativize(file));
    }
  }
}
