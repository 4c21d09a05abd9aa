package presence.load.peers;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import presence.load.HeapHistogram;
import presence.load.process.NodeProcess;

/// A peer on the JVM, with the flags that a node has.
final class JvmServer implements Server {
  private final NodeProcess process;
  private final String path;
  private final IntFunction<Tongue> tongues;

  /// @param main the program that serves
  /// @param path of its WebSockets
  /// @param tongues by person
  JvmServer(Class<?> main, String path, IntFunction<Tongue> tongues) {
    this.process = NodeProcess.start(main.getName(), List.of(), Map.of());
    this.path = path;
    this.tongues = tongues;
  }

  @Override
  public URI address() {
    return process.url().resolve(path);
  }

  @Override
  public Tongue tongue(int person, String room) {
    return tongues.apply(person);
  }

  @Override
  public Duration cpu() {
    return process.cpu();
  }

  @Override
  public long memory() {
    return HeapHistogram.of(process.pid()).bytes();
  }

  @Override
  public void close() {
    process.close();
  }
}
