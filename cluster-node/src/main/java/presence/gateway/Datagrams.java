package presence.gateway;

import java.util.List;
import java.util.Optional;
import presence.protocol.ClientMessage;
import presence.protocol.ServerMessage;

/// The way of datagrams to clients, beside their sockets. Only what may be lost goes here: the
/// moves of worlds.
public interface Datagrams {
  /// Of a node that takes none.
  Datagrams NONE = new None();

  /// A path for one connection, with a ticket of its own; nothing where the node has none to give.
  ///
  /// @param arrived called, on another thread, when there are moves to take; not again before
  ///   [Path#received]
  Optional<Path> open(Runnable arrived);

  /// Where clients send theirs, as a URL; nothing where the node takes none.
  Optional<String> url();

  /// What has come and gone so far.
  Traffic traffic();

  /// One connection's datagrams. It takes moves while, as far as anybody can know, they arrive: the
  /// client said back lately what was sent to where it is now.
  interface Path extends MoveSink {
    /// What the client must know.
    ServerMessage.Udp offer();

    /// The newest move in each world since the last call.
    List<ClientMessage.Stride> received();

    /// The ticket is void.
    void close();
  }

  /// A node that takes no datagrams.
  record None() implements Datagrams {
    @Override
    public Optional<Path> open(Runnable arrived) {
      return Optional.empty();
    }

    @Override
    public Optional<String> url() {
      return Optional.empty();
    }

    @Override
    public Traffic traffic() {
      return Traffic.NONE;
    }
  }
}
