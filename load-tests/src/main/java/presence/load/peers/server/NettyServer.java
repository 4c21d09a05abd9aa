package presence.load.peers.server;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import java.net.InetSocketAddress;

/// The floor of the JVM: Netty's own WebSockets, one room, and every word to everybody at once.
public final class NettyServer {
  private static final int REQUEST_BYTES_MAX = 64 << 10;
  private static final int BACKLOG = 1_024;

  private NettyServer() {}

  public static void main(String[] args) throws Exception {
    EventLoopGroup loops = new MultiThreadIoEventLoopGroup(NioIoHandler.newFactory());
    Room room = new Room();
    Channel server =
        new ServerBootstrap()
            .group(loops)
            .channel(NioServerSocketChannel.class)
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childHandler(new Pipeline(room))
            .bind("127.0.0.1", 0)
            .sync()
            .channel();
    Parent.serve(((InetSocketAddress) server.localAddress()).getPort());
    loops.shutdownGracefully().sync();
  }

  private static final class Pipeline extends ChannelInitializer<SocketChannel> {
    private static final WebSocketServerProtocolConfig CONFIG =
        WebSocketServerProtocolConfig.newBuilder().websocketPath("/ws").build();

    private final Room room;

    private Pipeline(Room room) {
      this.room = room;
    }

    @Override
    protected void initChannel(SocketChannel channel) {
      channel
          .pipeline()
          .addLast(
              new HttpServerCodec(),
              new HttpObjectAggregator(REQUEST_BYTES_MAX),
              new WebSocketServerProtocolHandler(CONFIG),
              new RoomHandler(room));
    }
  }
}
