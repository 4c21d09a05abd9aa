package presence.gateway.http;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.pekko.Done;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.Terminated;
import org.apache.pekko.event.Logging;
import org.apache.pekko.io.Inet;
import org.apache.pekko.io.Tcp;
import org.apache.pekko.io.TcpMessage;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.SourceShape;
import org.apache.pekko.stream.stage.AbstractGraphStageWithMaterializedValue;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.jspecify.annotations.Nullable;
import scala.Tuple2;
import scala.runtime.BoxedUnit;

/// Binds a port; gives the connections that come, as many as are asked for. Pekko's own stream of
/// connections does the same, but hands out neither the actor that a connection is nor its socket.
final class Arrivals
    extends AbstractGraphStageWithMaterializedValue<
        SourceShape<Arrivals.Arrival>, CompletionStage<Arrivals.Bound>> {
  /// A connection that nobody reads yet.
  ///
  /// @param tcp the connection
  /// @param peer where it comes from
  /// @param channel its socket
  record Arrival(ActorRef tcp, InetSocketAddress peer, @Nullable SocketChannel channel) {}

  /// The port while it is open.
  static final class Bound {
    private final int port;
    private final ActorRef listener;
    private final ActorRef stage;
    private final CompletableFuture<Done> unbound;

    private Bound(int port, ActorRef listener, ActorRef stage, CompletableFuture<Done> unbound) {
      this.port = port;
      this.listener = listener;
      this.stage = stage;
      this.unbound = unbound;
    }

    int port() {
      return port;
    }

    /// Takes no further connections.
    CompletionStage<Done> unbind() {
      if (!unbound.isDone()) {
        listener.tell(TcpMessage.unbind(), stage);
      }
      return unbound;
    }
  }

  /// The sockets of connections on their way here. Pekko calls this for each that it has accepted,
  /// before it tells of it.
  private static final class Sockets extends Inet.AbstractSocketOption {
    /// Both ends: of one alone there may be several.
    private record Ends(SocketAddress peer, SocketAddress here) {}

    private final Map<Ends, SocketChannel> arriving = new ConcurrentHashMap<>();

    @Override
    public void afterConnect(Socket socket) {
      SocketChannel channel = socket.getChannel();
      if (channel != null) {
        arriving.put(
            new Ends(socket.getRemoteSocketAddress(), socket.getLocalSocketAddress()), channel);
      }
    }

    @Nullable SocketChannel take(Tcp.Connected connected) {
      return arriving.remove(new Ends(connected.remoteAddress(), connected.localAddress()));
    }
  }

  private final Outlet<Arrival> out = Outlet.create("Arrivals.out");
  private final SourceShape<Arrival> shape = SourceShape.of(out);
  private final ActorRef manager;
  private final InetSocketAddress address;
  private final int backlog;
  private final Iterable<Inet.SocketOption> options;

  /// @param manager of Pekko's TCP
  Arrivals(
      ActorRef manager,
      InetSocketAddress address,
      int backlog,
      Iterable<Inet.SocketOption> options) {
    this.manager = manager;
    this.address = address;
    this.backlog = backlog;
    this.options = options;
  }

  @Override
  public SourceShape<Arrival> shape() {
    return shape;
  }

  @Override
  public Pair<GraphStageLogic, CompletionStage<Bound>> createLogicAndMaterializedValuePair(
      Attributes inherited) {
    Door door = new Door();
    return Pair.create(door, door.bound);
  }

  /// It stays when the port is closed: until its stream takes it over, a connection lives as long
  /// as this does.
  private final class Door extends GraphStageLogic {
    private final CompletableFuture<Bound> bound = new CompletableFuture<>();
    private final CompletableFuture<Done> unbound = new CompletableFuture<>();
    private final Sockets sockets = new Sockets();
    private @Nullable ActorRef listener;
    private int port;

    Door() {
      super(shape);
      setHandler(
          out,
          new AbstractOutHandler() {
            @Override
            public void onPull() {
              takeOne();
            }
          });
    }

    @Override
    public void preStart() {
      ActorRef self = getStageActor(this::onMessage).ref();
      List<Inet.SocketOption> all = new ArrayList<>();
      options.forEach(all::add);
      all.add(sockets);
      manager.tell(TcpMessage.bind(self, address, backlog, all, true), self);
    }

    @Override
    public void postStop() {
      bound.completeExceptionally(new IOException("the port is not open"));
      unbound.complete(Done.getInstance());
    }

    private BoxedUnit onMessage(Tuple2<ActorRef, Object> message) {
      switch (message._2()) {
        case Tcp.Bound open -> onBound(message._1(), open);
        case Tcp.CommandFailed failed -> {
          failed.cause().foreach(bound::completeExceptionally);
          completeStage();
        }
        case Tcp.Connected connected ->
            push(
                out, new Arrival(message._1(), connected.remoteAddress(), sockets.take(connected)));
        case Terminated _ -> onListenerDead();
        default -> unbound.complete(Done.getInstance());
      }
      return BoxedUnit.UNIT;
    }

    private void onListenerDead() {
      if (!unbound.isDone()) {
        Logging.getLogger(materializer().system(), Arrivals.class)
            .error("The port {} is lost: nobody can connect any more", port);
        unbound.complete(Done.getInstance());
      }
    }

    private void onBound(ActorRef opened, Tcp.Bound open) {
      listener = opened;
      port = open.localAddress().getPort();
      stageActor().watch(opened);
      bound.complete(new Bound(port, opened, stageActor().ref(), unbound));
      if (isAvailable(out)) {
        takeOne();
      }
    }

    private void takeOne() {
      if (listener != null) {
        listener.tell(TcpMessage.resumeAccepting(1), stageActor().ref());
      }
    }
  }
}
