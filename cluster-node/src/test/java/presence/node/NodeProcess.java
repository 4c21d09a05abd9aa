package presence.node;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// A node in a JVM of its own, as an operator starts it; ends with the test at the latest.
public final class NodeProcess implements AutoCloseable {

  private final Process process;
  private final Path directory;

  private NodeProcess(Process process, Path directory) {
    this.process = process;
    this.directory = directory;
  }

  /// Starts `Main` with the environment in the directory; its output goes to files there.
  public static NodeProcess start(Path directory, Map<String, String> environment)
      throws IOException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    command.addAll(List.of("-Dpresence.stop-with-parent=true", "-Xmx512m"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    var builder =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectOutput(directory.resolve("stdout").toFile())
            .redirectError(directory.resolve("stderr").toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("PRESENCE_"));
    builder.environment().putAll(environment);
    return new NodeProcess(builder.start(), directory);
  }

  /// What the process wrote to standard output.
  public List<String> output() {
    return lines("stdout");
  }

  /// What the process wrote to standard error.
  public List<String> errors() {
    return lines("stderr");
  }

  public long pid() {
    return process.pid();
  }

  public boolean alive() {
    return process.isAlive();
  }

  /// Sends SIGTERM.
  void terminate() {
    process.destroy();
  }

  /// Waits for the end of the process and returns its exit code.
  public int exitCode() throws InterruptedException {
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      throw new AssertionError("the process did not end: " + output() + errors());
    }
    return process.exitValue();
  }

  /// Kills it (SIGKILL).
  @Override
  public void close() {
    process.destroyForcibly();
  }

  private List<String> lines(String file) {
    try {
      return Files.readAllLines(directory.resolve(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
