package presence.node;

import java.net.URI;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/// Starts one node of the cluster and stays until it is told to stop.
///
/// Prints `ready http://HOST:PORT` on standard output when the node serves clients. Exits with 2,
/// after one line on standard error, when it cannot start as it is configured.
public final class Main {

  private static final int CONFIGURATION_ERROR = 2;
  private static final int FAILURE = 1;

  private Main() {}

  public static void main(String[] args) {
    // The process ends with its actor system, for instance when the node was cut off from the
    // majority. Only here: in a
    // packaged configuration it would end the JVM of every test.
    System.setProperty("pekko.coordinated-shutdown.exit-jvm", "on");
    try {
      var config = NodeConfig.load(System.getenv());
      Logging.begin(config.presence());
      if (config.presence().getBoolean("stop-with-parent")) {
        stopWithParent();
      }
      Node.open(config).start().whenComplete(Main::started);
    } catch (RuntimeException e) {
      exit(e);
    }
  }

  private static void stopWithParent() {
    ProcessHandle.current().parent().ifPresent(parent -> exitAfter(parent.onExit()));
  }

  private static void exitAfter(CompletableFuture<ProcessHandle> parent) {
    Thread.ofPlatform()
        .daemon()
        .name("parent-watch")
        .start(() -> {
          parent.join();
          System.exit(0);
        });
  }

  private static void started(@Nullable URI url, @Nullable Throwable failure) {
    if (failure != null) {
      exit(failure);
    } else {
      System.out.println("ready " + url);
    }
  }

  private static void exit(Throwable failure) {
    for (var cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof ConfigurationError) {
        System.err.println(cause.getMessage());
        System.exit(CONFIGURATION_ERROR);
      }
    }
    LoggerFactory.getLogger(Main.class).error("The node could not start", failure);
    System.exit(FAILURE);
  }
}
