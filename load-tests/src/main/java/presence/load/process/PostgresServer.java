package presence.load.process;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.LongStream;

/// A PostgreSQL of our own that writes durably, on a free port and in a directory of its own; ends
/// with this process at the latest. Works as root too.
public final class PostgresServer implements AutoCloseable {
  private static final Duration START_MAX = Duration.ofSeconds(30);

  private final Path data;
  private final int port;
  private EmbeddedPostgres server;

  private PostgresServer(Path data, int port) throws IOException {
    this.data = data;
    this.port = port;
    this.server = launch();
  }

  public static PostgresServer start(Path directory) {
    try {
      return new PostgresServer(directory, FreePorts.take(1).getFirst());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private EmbeddedPostgres launch() throws IOException {
    return EmbeddedPostgres.builder()
        .setPort(port)
        .setDataDirectory(data)
        .setCleanDataDirectory(false)
        .setPGStartupWait(START_MAX)
        .setOutputRedirector(ProcessBuilder.Redirect.DISCARD)
        .setErrorRedirector(ProcessBuilder.Redirect.DISCARD)
        .setServerConfig("fsync", "on")
        .setServerConfig("synchronous_commit", "on")
        .setServerConfig("listen_addresses", "127.0.0.1")
        .start();
  }

  /// The value of `PRESENCE_JOURNAL` for nodes that share it.
  public String journal() {
    return "jdbc:postgresql://127.0.0.1:%d/postgres?user=postgres".formatted(port);
  }

  /// Freezes every process of the server: connections stay, nothing is answered.
  public void freeze() {
    Signal.STOP.send(pids());
  }

  public void thaw() {
    Signal.CONT.send(pids());
  }

  /// Stops the server: connections end, new ones are refused.
  public void stop() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Starts it again, on the same port with the same data.
  public void startAgain() {
    try {
      server = launch();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private LongStream pids() {
    ProcessHandle postmaster = ProcessHandle.of(postmaster()).orElseThrow();
    return LongStream.concat(
        LongStream.of(postmaster.pid()), postmaster.descendants().mapToLong(ProcessHandle::pid));
  }

  private long postmaster() {
    try {
      return Long.parseLong(Files.readAllLines(data.resolve("postmaster.pid")).getFirst().strip());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    stop();
  }
}
