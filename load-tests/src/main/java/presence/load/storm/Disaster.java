package presence.load.storm;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import presence.load.process.NodeProcess;
import presence.load.process.ThreeNodes;

/// What is done to a cluster while a crowd is on it. Each ends when the cluster is whole again.
public enum Disaster {
  /// Nothing, for as long as a disaster takes: no node may be believed lost.
  NONE {
    @Override
    void strike(Scene scene) {
      scene.pause(CALM);
    }
  },
  /// kill -9 of the node that holds a client's socket, but not its session or its instance if that
  /// can be had.
  SOCKET_HOLDER {
    @Override
    void strike(Scene scene) {
      kill(scene, scene.node(scene.victim()));
    }
  },
  /// kill -9 of the node that holds a client's session.
  SESSION_OWNER {
    @Override
    void strike(Scene scene) {
      kill(scene, scene.holder("session", scene.victim().session()));
    }
  },
  /// kill -9 of the node that holds an instance.
  INSTANCE_OWNER {
    @Override
    void strike(Scene scene) {
      kill(scene, scene.holder("instance", scene.victim().role().instances().getFirst()));
    }
  },
  /// kill -9 of the node that decides where shards live, the oldest.
  COORDINATOR {
    @Override
    void strike(Scene scene) {
      kill(scene, scene.coordinator());
    }
  },
  /// kill -9 of the node with the most roles for one client: its socket, session, instance,
  /// coordinator.
  TWO_ROLES {
    @Override
    void strike(Scene scene) {
      Map<Integer, Integer> roles = new TreeMap<>();
      Guest victim = scene.victim();
      for (int node :
          new int[] {
            scene.node(victim),
            scene.holder("session", victim.session()),
            scene.holder("instance", victim.role().instances().getFirst()),
            scene.coordinator()
          }) {
        roles.merge(node, 1, Integer::sum);
      }
      kill(
          scene,
          roles.entrySet().stream().max(Map.Entry.comparingByValue()).orElseThrow().getKey());
    }
  },
  /// kill -9 of the first seed, which finds the others deaf when it comes back: it must not form a
  /// cluster of its own.
  FIRST_SEED {
    @Override
    void strike(Scene scene) {
      ThreeNodes nodes = scene.nodes();
      scene.mark("kill", 0);
      nodes.node(0).kill();
      scene.awaitFlow();
      scene.mark("whole", 0);
      List<NodeProcess> others =
          IntStream.range(1, ThreeNodes.COUNT).mapToObj(nodes::node).toList();
      others.forEach(NodeProcess::freeze);
      CompletableFuture<Void> back =
          CompletableFuture.runAsync(() -> nodes.start(0), task -> Thread.ofVirtual().start(task));
      try {
        scene.pause(DEAF);
      } finally {
        others.forEach(NodeProcess::thaw);
      }
      back.join();
      scene.mark("back", 0);
      scene.awaitFlow();
    }
  },
  /// SIGTERM to one node after the other, each back for as long as Kubernetes waits
  /// (`minReadySeconds` in `k8s/`) before the next goes.
  ROLLING_RESTART {
    @Override
    void strike(Scene scene) {
      for (int node = ThreeNodes.COUNT - 1; node >= 0; node--) {
        scene.mark("stop", node);
        scene.nodes().node(node).close();
        scene.mark("stopped", node);
        scene.nodes().start(node);
        scene.mark("back", node);
        scene.awaitFlow();
        scene.pause(MIN_READY);
      }
    }
  },
  /// SIGTERM to all nodes at once; all back together.
  RESTART_OF_ALL {
    @Override
    void strike(Scene scene) {
      scene.mark("kill", -1);
      scene.nodes().stopAll();
      scene.nodes().startAll();
      scene.mark("back", -1);
      scene.awaitFlow();
    }
  },
  /// PostgreSQL frozen for 5 s.
  JOURNAL_STALL {
    @Override
    void strike(Scene scene) {
      scene.mark("kill", -1);
      scene.postgres().freeze();
      try {
        scene.pause(STALL);
      } finally {
        scene.postgres().thaw();
      }
      scene.mark("back", -1);
      scene.awaitFlow();
    }
  },
  /// PostgreSQL stopped for 30 s.
  JOURNAL_GONE {
    @Override
    void strike(Scene scene) {
      scene.mark("kill", -1);
      scene.postgres().stop();
      scene.pause(OUTAGE);
      scene.postgres().startAgain();
      scene.mark("back", -1);
      scene.awaitFlow();
    }

    @Override
    boolean dropsSockets() {
      return false; // who has no journal cannot come back
    }
  },
  /// A node that does nothing for 20 s and then goes on, if the others still want it.
  NODE_FROZEN {
    @Override
    void strike(Scene scene) {
      int node = scene.holder("instance", scene.victim().role().instances().getFirst());
      NodeProcess process = scene.nodes().node(node);
      scene.mark("kill", node);
      process.freeze();
      try {
        scene.pause(FREEZE);
      } finally {
        process.thaw();
      }
      scene.mark("thawed", node);
      boolean ended = process.await(ENDS_MAX);
      scene.mark(ended ? "ended" : "lived on", node);
      scene.awaitFlow();
      if (ended) {
        scene.nodes().start(node);
        scene.mark("back", node);
      }
    }
  };

  private static final Duration CALM = Duration.ofSeconds(60);
  private static final Duration MIN_READY = Duration.ofSeconds(10);
  private static final Duration STALL = Duration.ofSeconds(5);
  private static final Duration OUTAGE = Duration.ofSeconds(30);
  private static final Duration FREEZE = Duration.ofSeconds(20);

  /// The start of a JVM, and longer than a first seed of Pekko waits for an answer.
  private static final Duration DEAF = Duration.ofSeconds(9);

  private static final Duration ENDS_MAX = Duration.ofSeconds(30);

  abstract void strike(Scene scene);

  /// Whether a node is gone meanwhile. If none is, the others must not believe it.
  public boolean losesNodes() {
    return switch (this) {
      case NONE, JOURNAL_STALL, JOURNAL_GONE -> false;
      default -> true;
    };
  }

  /// Whether single sockets are lost meanwhile, too.
  boolean dropsSockets() {
    return true;
  }

  /// A node that comes back at once would be noticed by its return; so it comes back only when the
  /// others have done without it.
  private static void kill(Scene scene, int node) {
    scene.mark("kill", node);
    scene.nodes().node(node).kill();
    scene.awaitFlow();
    scene.mark("whole", node);
    scene.nodes().start(node);
    scene.mark("back", node);
  }

  /// All that are disasters.
  public static List<Disaster> all() {
    return List.copyOf(EnumSet.range(SOCKET_HOLDER, NODE_FROZEN));
  }
}
