package presence.load.peers;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import presence.load.process.NodeProcess;

/// A peer that is a program for Node.js. It ends with its standard input, which is ours.
final class ScriptServer implements Server {
  private static final Duration READY_MAX = Duration.ofSeconds(30);
  private static final Duration STOP_MAX = Duration.ofSeconds(10);

  private final Process process;
  private final String path;
  private final IntFunction<Tongue> tongues;
  private final URI url;

  /// @param script the program, where its packages are
  /// @param path of its WebSockets
  /// @param tongues by person
  ScriptServer(Path script, String path, IntFunction<Tongue> tongues) throws IOException {
    this.process =
        new ProcessBuilder("node", script.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    this.path = path;
    this.tongues = tongues;
    this.url = awaitReady();
  }

  private URI awaitReady() {
    CompletableFuture<URI> ready = new CompletableFuture<>();
    Thread.ofVirtual().name("script-output").start(() -> read(ready));
    try {
      return ready.get(READY_MAX.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      close();
      throw new IllegalStateException("the server did not get ready", e);
    }
  }

  private void read(CompletableFuture<URI> ready) {
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith(NodeProcess.READY)) {
          ready.complete(URI.create(line.substring(NodeProcess.READY.length())));
        }
      }
      ready.completeExceptionally(new IllegalStateException("it ended"));
    } catch (IOException e) {
      ready.completeExceptionally(e);
    }
  }

  @Override
  public URI address() {
    return url.resolve(path);
  }

  @Override
  public Tongue tongue(int person, String room) {
    return tongues.apply(person);
  }

  @Override
  public Duration cpu() {
    return process.info().totalCpuDuration().orElseThrow();
  }

  @Override
  public long memory() {
    try (Stream<String> lines = Files.lines(Path.of("/proc/" + process.pid() + "/status"))) {
      return lines
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
          .findFirst()
          .orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(STOP_MAX.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
