package presence.load.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// The servers for Node.js, with their packages beside them.
final class Scripts {
  private static final Path SOURCES = Path.of("src/main/peers");
  private static final Path INSTALLED = Path.of("target/peers-node");
  private static final int INSTALL_MAX_S = 180;

  private Scripts() {}

  /// Why they cannot run here; nothing if they can.
  static Optional<String> missing() {
    for (String tool : List.of("node", "npm")) {
      if (Machine.said(tool, "--version").isEmpty()) {
        return Optional.of("no " + tool + " here: apt-get install nodejs npm");
      }
    }
    return Optional.empty();
  }

  /// The directory of the programs, after `npm ci` of what the lock file names.
  static Path installed() throws IOException {
    Files.createDirectories(INSTALLED);
    try (Stream<Path> files = Files.list(SOURCES)) {
      for (Path file : files.toList()) {
        Files.copy(
            file, INSTALLED.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
      }
    }
    if (!Files.exists(INSTALLED.resolve("node_modules"))
        || Files.getLastModifiedTime(INSTALLED.resolve("node_modules"))
                .compareTo(Files.getLastModifiedTime(SOURCES.resolve("package-lock.json")))
            < 0) {
      install();
    }
    return INSTALLED;
  }

  private static void install() throws IOException {
    Process npm =
        new ProcessBuilder("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent")
            .directory(INSTALLED.toFile())
            .inheritIO()
            .start();
    try {
      if (!npm.waitFor(INSTALL_MAX_S, TimeUnit.SECONDS) || npm.exitValue() != 0) {
        npm.destroyForcibly();
        throw new IOException("npm ci did not install what " + INSTALLED + " names");
      }
    } catch (InterruptedException e) {
      npm.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
