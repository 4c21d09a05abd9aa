package presence.client;

import java.net.http.HttpClient;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;
import presence.protocol.Codec;

/// What many clients share, so that one more costs no thread: sockets' selector, workers, timer.
///
/// A connected client takes 60 KB of heap, nearly all of it three buffers of the JDK's WebSocket.
/// With `-Djdk.httpclient.websocket.writeBufferSize=1024`,
/// `-Djdk.httpclient.websocket.intermediateBufferSize=1024` and `-Djdk.httpclient.bufsize=2048` it
/// is 17 KB (2,000 clients in one JVM): what a load tool wants.
///
/// @param http should run what it has to do at once, `executor(Runnable::run)`: with other threads
///   in between, the JDK's WebSocket may lose the news that a line has ended, which is then found
///   by its silence only, after three periods of the server's pings. One thread reads all of its
///   sockets and does their TLS
/// @param workers runs what clients do; each client does one thing at a time. Neither keeps who
///   hands it a task waiting nor runs it there
/// @param timer needs one thread, however many clients
/// @param random drawn from by all clients at once: must stand that
public record ClientRuntime(
    HttpClient http,
    Executor workers,
    ScheduledExecutorService timer,
    InstantSource clock,
    RandomGenerator random,
    Codec codec) {

  /// A server's frame has no limit of the protocol; this one only guards the heap.
  static final int FRAME_CHARS_MAX = 16 << 20;

  private static final int DEPTH_MAX = 32;
  private static final Duration CONNECT_PATIENCE = Duration.ofSeconds(10);

  private static final class Shared {
    static final ClientRuntime RUNTIME = create();
  }

  /// The one for everybody who has no wishes; its threads are daemons.
  public static ClientRuntime shared() {
    return Shared.RUNTIME;
  }

  /// The same with another HTTP client, one that trusts other authorities for example.
  public ClientRuntime with(HttpClient other) {
    return new ClientRuntime(other, workers, timer, clock, random, codec);
  }

  private static ClientRuntime create() {
    ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
    ScheduledThreadPoolExecutor timer =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("presence-client-timer").factory());
    return new ClientRuntime(
        HttpClient.newBuilder().executor(Runnable::run).connectTimeout(CONNECT_PATIENCE).build(),
        workers,
        timer,
        InstantSource.system(),
        () -> ThreadLocalRandom.current().nextLong(),
        new Codec(FRAME_CHARS_MAX, DEPTH_MAX));
  }
}
