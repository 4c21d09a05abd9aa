package presence.load.process;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A node in a JVM of its own, as an operator starts it; ends with this process at the latest.
///
/// The system property `node.args` adds JVM flags, for instance to record a profile.
public final class NodeProcess implements AutoCloseable {
  /// What a node says when it serves clients, before its URL.
  public static final String READY = "ready ";

  /// What [#ask] is answered by, before the answer.
  public static final String ANSWER = "answer ";

  private static final String NODE = "presence.node.Main";
  private static final Duration READY_MAX = Duration.ofSeconds(90);
  private static final Duration STOP_MAX = Duration.ofSeconds(75);

  /// As in the README; the node is measured as it runs.
  private static final List<String> FLAGS =
      List.of(
          "--sun-misc-unsafe-memory-access=allow",
          "--enable-native-access=ALL-UNNAMED",
          "-XX:+UseCompactObjectHeaders",
          "-Dpresence.stop-with-parent=true");

  private final Process process;
  private final Path log;
  private final List<String> complaints = new CopyOnWriteArrayList<>();
  private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();
  private final CompletableFuture<URI> ready = new CompletableFuture<>();
  private final long startedAt = System.nanoTime();
  private volatile Duration startTime = Duration.ZERO;
  private @Nullable Path scratch;

  private NodeProcess(Process process, Path log) {
    this.process = process;
    this.log = log;
    Thread.ofVirtual().name("node-output").start(this::read);
  }

  /// Starts a node on free ports, with an empty journal of its own that goes when it is closed, and
  /// waits until it serves clients.
  ///
  /// @param settings environment variables beside ports and journal
  public static NodeProcess start(Map<String, String> settings) {
    return start(NODE, List.of(), settings);
  }

  /// The same with another main class, which drives the node that it starts.
  ///
  /// @param flags for its JVM
  public static NodeProcess start(String main, List<String> flags, Map<String, String> settings) {
    Path directory = ScratchDirectory.create();
    Map<String, String> all = new HashMap<>();
    all.put("PRESENCE_HTTP_PORT", "0");
    all.put("PRESENCE_CLUSTER_PORT", "0");
    all.put("PRESENCE_JOURNAL", "h2:" + directory.resolve("data"));
    all.putAll(settings);
    NodeProcess node = launch(directory.resolve("node.log"), main, flags, all);
    node.scratch = directory;
    node.awaitReady();
    return node;
  }

  /// Starts a node.
  ///
  /// @param log where its output is appended
  /// @param flags for its JVM
  /// @param settings environment variables
  public static NodeProcess launch(Path log, List<String> flags, Map<String, String> settings) {
    return launch(log, NODE, flags, settings);
  }

  private static NodeProcess launch(
      Path log, String main, List<String> flags, Map<String, String> settings) {
    ProcessBuilder builder = new ProcessBuilder(command(main, flags)).redirectErrorStream(true);
    Map<String, String> environment = builder.environment();
    environment.keySet().removeIf(name -> name.startsWith("PRESENCE_"));
    environment.putAll(settings);
    try {
      return new NodeProcess(builder.start(), log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> command(String main, List<String> flags) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(FLAGS);
    command.addAll(flags);
    Arrays.stream(System.getProperty("node.args", "").split(" "))
        .filter(arg -> !arg.isEmpty())
        .forEach(command::add);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main));
    return command;
  }

  private void read() {
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
        BufferedWriter copy =
            Files.newBufferedWriter(log, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        copy.write(line);
        copy.newLine();
        copy.flush(); // a killed node's last words are the ones that matter
        hear(line);
      }
    } catch (IOException e) {
      complaints.add("Exception: the output of the node broke off: " + e.getMessage());
    }
    ready.completeExceptionally(new IllegalStateException("the node ended, see " + log));
  }

  private void hear(String line) {
    if (isComplaint(line)) {
      complaints.add(line);
    }
    if (line.startsWith(ANSWER)) {
      answers.add(line.substring(ANSWER.length()));
    }
    if (line.startsWith(READY)) {
      startTime = Duration.ofNanos(System.nanoTime() - startedAt);
      ready.complete(URI.create(line.substring(READY.length())));
    }
  }

  /// Waits until the node serves clients.
  public void awaitReady() {
    try {
      ready.get(READY_MAX.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      close();
      throw new IllegalStateException("the node did not get ready, see " + log, e);
    }
  }

  public URI url() {
    return ready.join();
  }

  /// Says a line to the program that drives the node, and waits for its answer.
  public String ask(String line, Duration patience) throws IOException, InterruptedException {
    BufferedWriter input = process.outputWriter(StandardCharsets.UTF_8);
    input.write(line);
    input.newLine();
    input.flush();
    String answer = answers.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
    if (answer == null) {
      throw new IllegalStateException("no answer to " + line + ", see " + log);
    }
    return answer;
  }

  public long pid() {
    return process.pid();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /// From the start of the process to its `ready` line.
  public Duration startTime() {
    return startTime;
  }

  /// Processor time the node has used so far, user and system.
  public Duration cpu() {
    return process.info().totalCpuDuration().orElseThrow();
  }

  /// What the node said that it does not say when all is well.
  public List<String> complaints() {
    return List.copyOf(complaints);
  }

  /// The same of a node that has no others: that it was late to give them a sign of life says
  /// something of a machine with much to do, and nothing of the node.
  public List<String> complaintsAlone() {
    return complaints.stream().filter(line -> !line.contains("heartbeat was delayed")).toList();
  }

  static boolean isComplaint(String line) {
    return Stream.of(" WARN ", " ERROR ", "WARNING", "Exception").anyMatch(line::contains);
  }

  /// Ends it without a word, as `kill -9` does, and waits until it is gone.
  public void kill() {
    process.destroyForcibly();
    await(STOP_MAX);
  }

  /// Asks it to leave in order, as SIGTERM does, and does not wait; what it says meanwhile is read.
  public void terminate() {
    process.toHandle().destroy();
  }

  /// Freezes it: its sockets stay open and nobody answers.
  public void freeze() {
    Signal.STOP.send(LongStream.of(pid()));
  }

  public void thaw() {
    Signal.CONT.send(LongStream.of(pid()));
  }

  /// Asks it to leave in order, as SIGTERM does, and waits until it has; by force if it does not.
  @Override
  public void close() {
    terminate();
    if (!await(STOP_MAX)) {
      kill();
    }
    if (scratch != null) {
      ScratchDirectory.delete(scratch);
    }
  }

  /// Whether the process ended in this time.
  public boolean await(Duration time) {
    try {
      return process.waitFor(time.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
