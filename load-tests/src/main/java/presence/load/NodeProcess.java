package presence.load;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/// A node in a JVM of its own, with an empty journal, as an operator starts it; ends with this
/// process at the latest.
///
/// The system property `node.args` adds JVM flags, for instance to record a profile.
final class NodeProcess implements AutoCloseable {
  private static final String READY = "ready ";
  private static final Duration READY_MAX = Duration.ofSeconds(60);
  private static final Duration STOP_MAX = Duration.ofSeconds(30);

  /// As in the README; the node is measured as it runs.
  private static final List<String> FLAGS =
      List.of(
          "--sun-misc-unsafe-memory-access=allow",
          "--enable-native-access=ALL-UNNAMED",
          "-XX:+UseCompactObjectHeaders",
          "-Dpresence.stop-with-parent=true");

  private final Process process;
  private final Path directory;
  private final List<String> output = new CopyOnWriteArrayList<>();
  private final CompletableFuture<URI> ready = new CompletableFuture<>();
  private final long startedAt = System.nanoTime();
  private volatile Duration startTime = Duration.ZERO;

  private NodeProcess(Process process, Path directory) {
    this.process = process;
    this.directory = directory;
    Thread.ofVirtual().name("node-output").start(this::read);
  }

  /// Starts a node on free ports and waits until it serves clients.
  ///
  /// @param settings environment variables beside ports and journal
  static NodeProcess start(Map<String, String> settings) {
    try {
      Path directory = Files.createTempDirectory("presence-load-");
      ProcessBuilder builder =
          new ProcessBuilder(command()).directory(directory.toFile()).redirectErrorStream(true);
      Map<String, String> environment = builder.environment();
      environment.keySet().removeIf(name -> name.startsWith("PRESENCE_"));
      environment.put("PRESENCE_HTTP_PORT", "0");
      environment.put("PRESENCE_CLUSTER_PORT", "0");
      environment.put("PRESENCE_JOURNAL", "h2:" + directory.resolve("data"));
      environment.putAll(settings);
      NodeProcess node = new NodeProcess(builder.start(), directory);
      node.awaitReady();
      return node;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> command() {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(FLAGS);
    Arrays.stream(System.getProperty("node.args", "").split(" "))
        .filter(arg -> !arg.isEmpty())
        .forEach(command::add);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), "presence.node.Main"));
    return command;
  }

  private void read() {
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        output.add(line);
        if (line.startsWith(READY)) {
          startTime = Duration.ofNanos(System.nanoTime() - startedAt);
          ready.complete(URI.create(line.substring(READY.length())));
        }
      }
    } catch (IOException e) {
      output.add("the output of the node broke off: " + e.getMessage());
    }
    ready.completeExceptionally(new IllegalStateException("the node ended"));
  }

  private void awaitReady() {
    try {
      ready.get(READY_MAX.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      close();
      throw new IllegalStateException(
          "the node did not get ready:\n" + String.join("\n", output), e);
    }
  }

  URI url() {
    return ready.join();
  }

  long pid() {
    return process.pid();
  }

  /// From the start of the process to its `ready` line.
  Duration startTime() {
    return startTime;
  }

  /// Processor time the node has used so far, user and system.
  Duration cpu() {
    return process.info().totalCpuDuration().orElseThrow();
  }

  /// What the node said that it does not say when all is well.
  List<String> complaints() {
    return output.stream().filter(NodeProcess::isComplaint).toList();
  }

  static boolean isComplaint(String line) {
    return Stream.of(" WARN ", " ERROR ", "WARNING", "Exception").anyMatch(line::contains);
  }

  /// Stops the node in order, by force if it does not, and deletes its journal.
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(STOP_MAX.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    delete(directory);
  }

  private static void delete(Path directory) {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
