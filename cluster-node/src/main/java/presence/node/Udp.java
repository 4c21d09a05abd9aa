package presence.node;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.InstantSource;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.apache.pekko.actor.typed.ActorSystem;
import presence.gateway.Datagrams;
import presence.gateway.udp.DatagramPort;

/// The node's port for datagrams. A node that cannot have one serves its clients without.
final class Udp {
  private final ActorSystem<?> system;
  private final NodeConfig config;

  private Udp(ActorSystem<?> system, NodeConfig config) {
    this.system = system;
    this.config = config;
  }

  /// Opens it, until the actor system ends.
  ///
  /// @param httpPort whose number it has; where any would do for HTTP, any does if this is taken
  static Datagrams open(
      ActorSystem<?> system,
      NodeConfig config,
      int httpPort,
      InstantSource clock,
      RandomGenerator random) {
    if (!config.presence().getBoolean("udp.enabled")) {
      return Datagrams.NONE;
    }
    return new Udp(system, config).open(httpPort, clock, random);
  }

  private Datagrams open(int httpPort, InstantSource clock, RandomGenerator random) {
    Optional<String> host = publicHost();
    if (host.isEmpty()) {
      system.log().info("No datagrams: PRESENCE_UDP_PUBLIC_HOST does not say where they are sent");
      return Datagrams.NONE;
    }
    DatagramPort.Settings settings = new Limits(config.presence()).udp(host.get());
    try {
      DatagramPort port = bind(httpPort, settings, clock, random);
      system.classicSystem().registerOnTermination(port::close);
      return port;
    } catch (IOException e) {
      system
          .log()
          .warn(
              "UDP port {} of {} cannot be used ({}); clients go on by their WebSockets",
              httpPort,
              config.host(),
              e.getMessage());
      return Datagrams.NONE;
    }
  }

  private DatagramPort bind(
      int httpPort, DatagramPort.Settings settings, InstantSource clock, RandomGenerator random)
      throws IOException {
    try {
      return DatagramPort.open(
          new InetSocketAddress(config.host(), httpPort), settings, clock, random);
    } catch (IOException e) {
      if (config.httpPort() != 0) {
        throw e;
      }
      return DatagramPort.open(new InetSocketAddress(config.host(), 0), settings, clock, random);
    }
  }

  /// "Every address of this machine" is not one that a client could send to.
  private Optional<String> publicHost() {
    return Optional.of(config.presence().getString("udp.public-host"))
        .filter(host -> !host.isEmpty())
        .or(() -> config.publicUrl().map(URI::getHost))
        .or(() -> Optional.of(config.host()).filter(host -> !isEveryAddress(host)));
  }

  private static boolean isEveryAddress(String host) {
    try {
      return InetAddress.getByName(host).isAnyLocalAddress();
    } catch (IOException e) {
      return false;
    }
  }
}
