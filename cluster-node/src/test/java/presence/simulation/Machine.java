package presence.simulation;

import com.typesafe.config.ConfigFactory;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.BootstrapSetup;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.dispatch.ExecutionContexts;
import org.apache.pekko.persistence.Persistence;
import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.serialization.SerializationExtension;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/// The actor system all worlds of a JVM use, one after the other: starting one takes a hundred
/// times longer than a world does. It has no thread of its own and is never stopped.
final class Machine {

  private static @Nullable Machine instance;

  final Kernel kernel = new Kernel();
  final VirtualTime time;
  final ExtendedActorSystem system;
  final Serialization serialization;
  private final List<ActorRef> plugins;

  private Machine() {
    // The first use of SLF4J initialises it; were that the actor system's, its first loggers would
    // be lost.
    var _ = LoggerFactory.getLogger(Machine.class);
    var config =
        ConfigFactory.parseResources(Machine.class, "simulation.conf")
            .withFallback(ConfigFactory.load())
            .resolve();
    var setup =
        BootstrapSetup.create(config)
            .withDefaultExecutionContext(ExecutionContexts.fromExecutor(kernel));
    system = (ExtendedActorSystem) ActorSystem.create("simulation", setup);
    time = (VirtualTime) system.scheduler();
    serialization = SerializationExtension.get(system);
    var persistence = Persistence.get(system);
    plugins =
        new ArrayList<>(
            List.of(
                persistence.journalFor("", ConfigFactory.empty()),
                persistence.snapshotStoreFor("", ConfigFactory.empty())));
    // Started at its first use: that must not be in the first world, whose trace would differ.
    var _ = Adapter.toTyped(system).eventStream();
    drain();
  }

  static Machine get() {
    if (instance == null) {
      instance = new Machine();
    }
    return instance;
  }

  /// Runs everything that is ready, without moving the clock.
  void drain() {
    while (kernel.step()) {
      // until nothing is ready
    }
  }

  /// As new: nothing ready, no timer, time zero, and the plugins without what they remember of an
  /// earlier world (open circuit breakers).
  void reset(Trace trace) {
    kernel.begin(null);
    plugins.forEach(plugin -> plugin.tell(Restart.NOW, ActorRef.noSender()));
    drain();
    time.reset();
    kernel.begin(trace);
  }

  /// Makes a plugin start again.
  enum Restart {
    NOW
  }

  /// Thrown by a plugin so that its supervisor starts it again.
  static final class Restarting extends RuntimeException {
    Restarting() {
      super("start again", null, false, false);
    }
  }
}
