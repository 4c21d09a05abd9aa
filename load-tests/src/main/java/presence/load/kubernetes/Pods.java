package presence.load.kubernetes;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import presence.load.process.NodeProcess;

/// The nodes of one deployment, each a process with an address of its own and the ports, variables
/// and last moments that the manifests give it. Who would start and stop them in Kubernetes is the
/// caller.
public final class Pods implements AutoCloseable {
  /// Several share a machine with their clients, as in `ThreeNodes`.
  private static final List<String> FLAGS =
      List.of("-Xmx400m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

  private static final int SERVICE = 250;

  private final Manifests manifests;
  private final ApiServer api;
  private final Path directory;
  private final Map<String, String> secrets;
  private final Map<String, String> others;
  private final Service service;
  private final List<Pod> alive = new CopyOnWriteArrayList<>();
  private final List<CompletableFuture<Boolean>> ends = new CopyOnWriteArrayList<>();
  private final AtomicInteger created = new AtomicInteger();
  private final Executor blocking = task -> Thread.ofVirtual().name("pod-end").start(task);

  /// None yet.
  ///
  /// @param directory where each node's output goes
  /// @param secrets the values of the keys of the secret
  /// @param others variables beside those of the manifests
  public Pods(
      Manifests manifests,
      ApiServer api,
      Path directory,
      Map<String, String> secrets,
      Map<String, String> others) {
    this.manifests = manifests;
    this.api = api;
    this.directory = directory;
    this.secrets = Map.copyOf(secrets);
    this.others = Map.copyOf(others);
    this.service = Service.open(address(SERVICE), manifests.httpPort(), manifests.readinessPath());
  }

  /// Where clients reach them all.
  public URI service() {
    return service.url();
  }

  /// Those that are not told to go, the oldest first.
  public List<Pod> alive() {
    return List.copyOf(alive);
  }

  /// Starts some at the same moment and waits until each serves clients.
  public List<Pod> create(int count) {
    List<Pod> started = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      started.add(launch());
    }
    started.forEach(pod -> pod.process().awaitReady());
    return started;
  }

  private Pod launch() {
    int number = created.incrementAndGet();
    String name = "presence-" + number;
    String address = address(number);
    Map<String, String> variables = new HashMap<>(manifests.environment(address, secrets));
    variables.putAll(api.environment());
    variables.putAll(others);
    List<String> flags = Stream.concat(FLAGS.stream(), api.discoveryFlags().stream()).toList();
    Pod pod =
        new Pod(
            name, address, NodeProcess.launch(directory.resolve(name + ".log"), flags, variables));
    api.put(name, Pod.running(name, address, manifests));
    service.add(address);
    alive.add(pod);
    return pod;
  }

  /// The machine is gone, and with it everything on it: kill -9.
  public void lose(Pod pod) {
    alive.remove(pod);
    pod.process().kill();
    service.remove(pod.address());
    api.remove(pod.name());
  }

  /// Told to go, in order; goes on while it does. [#allEndedInTime()] says how it went.
  public void delete(Pod pod) {
    alive.remove(pod);
    api.put(
        pod.name(),
        Pod.terminating(
            Pod.running(pod.name(), pod.address(), manifests), InstantSource.system().instant()));
    service.remove(pod.address());
    ends.add(
        CompletableFuture.supplyAsync(
                () -> stop(pod.process()),
                CompletableFuture.delayedExecutor(
                    manifests.pauseBeforeStop().toMillis(), TimeUnit.MILLISECONDS, blocking))
            .whenComplete((_, _) -> api.remove(pod.name())));
  }

  private boolean stop(NodeProcess process) {
    Duration left = manifests.grace().minus(manifests.pauseBeforeStop());
    process.terminate();
    boolean ended = process.await(left);
    process.kill();
    return ended;
  }

  /// Whether each that was deleted ended by itself within the grace; waits until they have.
  public boolean allEndedInTime() {
    return ends.stream().allMatch(CompletableFuture::join);
  }

  /// Everything in 127/8 is this machine; a network of its own for each process that runs pods.
  private static String address(int number) {
    long process = ProcessHandle.current().pid();
    return "127.%d.%d.%d".formatted(64 + process / 256 % 128, process % 256, number);
  }

  /// Ends them all without a word.
  @Override
  public void close() {
    alive.forEach(this::lose);
    ends.forEach(CompletableFuture::join);
    service.close();
  }
}
