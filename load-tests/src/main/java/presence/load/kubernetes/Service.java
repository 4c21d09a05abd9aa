package presence.load.kubernetes;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// The one address that clients know: takes each connection to one of the pods that are ready, in
/// turn. Without affinity, without retries; a connection ends when either side does.
final class Service implements AutoCloseable {
  private static final Duration LOOK_EVERY = Duration.ofMillis(500);
  private static final Duration CONNECT_MAX = Duration.ofSeconds(2);

  private final ServerSocket door;
  private final String readinessPath;
  private final Set<String> pods = ConcurrentHashMap.newKeySet();
  private final List<String> ready = new CopyOnWriteArrayList<>();
  private final AtomicInteger turn = new AtomicInteger();
  private final HttpClient http = HttpClient.newBuilder().connectTimeout(CONNECT_MAX).build();
  private final ScheduledExecutorService looks = Executors.newSingleThreadScheduledExecutor();

  private Service(ServerSocket door, String readinessPath) {
    this.door = door;
    this.readinessPath = readinessPath;
  }

  /// @param port its own and that of the pods
  static Service open(String address, int port, String readinessPath) {
    try {
      ServerSocket door = new ServerSocket(port, 1024, InetAddress.getByName(address));
      Service service = new Service(door, readinessPath);
      Thread.ofVirtual().name("service").start(service::accept);
      var _ =
          service.looks.scheduleWithFixedDelay(
              service::look, 0, LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
      return service;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  URI url() {
    return URI.create(
        "http://%s:%d".formatted(door.getInetAddress().getHostAddress(), door.getLocalPort()));
  }

  /// Gets connections from when it is ready.
  void add(String address) {
    pods.add(address);
  }

  /// Gets no more connections; those it has stay.
  void remove(String address) {
    pods.remove(address);
    ready.remove(address);
  }

  private void look() {
    for (String pod : pods) {
      boolean is = isReady(pod);
      if (!is) {
        ready.remove(pod);
      } else if (pods.contains(pod) && !ready.contains(pod)) {
        ready.add(pod);
      }
    }
  }

  private boolean isReady(String pod) {
    URI url = URI.create("http://%s:%d%s".formatted(pod, door.getLocalPort(), readinessPath));
    try {
      return http.send(
                  HttpRequest.newBuilder(url).timeout(CONNECT_MAX).build(),
                  BodyHandlers.discarding())
              .statusCode()
          == 200;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void accept() {
    while (!door.isClosed()) {
      try {
        Socket client = door.accept();
        Thread.ofVirtual().name("service-connection").start(() -> connect(client));
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private void connect(Socket client) {
    List<String> now = List.copyOf(ready);
    try (client;
        Socket pod = new Socket()) {
      if (now.isEmpty()) {
        return;
      }
      String address = now.get(Math.floorMod(turn.getAndIncrement(), now.size()));
      pod.connect(
          new InetSocketAddress(InetAddress.getByName(address), door.getLocalPort()),
          (int) CONNECT_MAX.toMillis());
      Thread back = Thread.ofVirtual().name("service-connection").start(() -> carry(pod, client));
      carry(client, pod);
      back.join();
    } catch (IOException e) {
      // either side is gone, which the other sees
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void carry(Socket from, Socket to) {
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      in.transferTo(out);
    } catch (IOException e) {
      // either side is gone, which the other sees
    }
  }

  @Override
  public void close() {
    looks.shutdownNow();
    http.shutdownNow();
    try {
      door.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
