package presence.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import presence.load.Frames.Frame;

/// Thousands of WebSockets to a node, or several, on one thread: raw sockets, so that the clients
/// take little of the machine they share with the nodes they measure. Clients are called, and call,
/// on that thread only.
public final class Swarm implements AutoCloseable {
  /// Handshakes under way at once: the rest would wait in the kernel's queue, and beyond that be
  /// dropped and tried again a second later, which would measure the kernel.
  private static final int OPENING_MAX = 256;

  /// Room for what comes in one read, and the largest frame.
  private static final int INBOUND_BYTES = 4 << 20;

  private static final int LOST = 1006;

  /// One client. Every socket that was asked for is opened or closed, and what is open is closed
  /// once.
  public interface Client {
    void opened(Socket socket);

    void received(Frame frame);

    /// The socket is gone, or was never had.
    ///
    /// @param code of the close frame; 1006 without one
    void closed(int code);
  }

  private record Opening(URI node, @Nullable InetAddress from, Client client) {}

  private final URI node;
  private final String extensions;
  private final Selector selector;
  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final Deque<Opening> waiting = new ArrayDeque<>();
  private final ByteBuffer inbound = ByteBuffer.allocate(INBOUND_BYTES);
  private final Inflation inflation = new Inflation(INBOUND_BYTES);
  private final Thread thread;
  private int opening;
  private volatile boolean stopped;

  private Swarm(URI node, String extensions, Selector selector) {
    this.node = node;
    this.extensions = extensions;
    this.selector = selector;
    this.thread = Thread.ofPlatform().name("swarm").daemon().start(this::loop);
  }

  /// A swarm of clients of this node, none yet.
  public static Swarm of(URI node) {
    return of(node, "");
  }

  /// The same, of clients that offer compression, as browsers do, but keep nothing between
  /// messages.
  public static Swarm ofBrowsers(URI node) {
    return of(node, "Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover\n");
  }

  private static Swarm of(URI node, String extensions) {
    try {
      return new Swarm(node, extensions, Selector.open());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private byte[] handshake(URI node) {
    return """
    GET %s HTTP/1.1
    Host: %s
    Connection: Upgrade
    Upgrade: websocket
    Sec-WebSocket-Version: 13
    Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
    Sec-WebSocket-Protocol: presence.v1
    %s
    """
        .formatted(path(node), node.getAuthority(), extensions)
        .replace("\n", "\r\n")
        .getBytes(StandardCharsets.US_ASCII);
  }

  /// Where WebSockets are: at `/ws`, unless the address says otherwise.
  private static String path(URI node) {
    if (node.getRawPath().length() < 2) {
      return "/ws";
    }
    return node.getRawQuery() == null
        ? node.getRawPath()
        : node.getRawPath() + '?' + node.getRawQuery();
  }

  /// Does something on the thread of the clients.
  public void run(Runnable task) {
    tasks.add(task);
    selector.wakeup();
  }

  /// Opens a socket for a client, as soon as may be. On the thread of the clients.
  public void open(Client client) {
    open(node, client);
  }

  /// The same, to another node than the swarm's.
  public void open(URI to, Client client) {
    open(new Opening(to, null, client));
  }

  /// The same, from this address of the machine.
  public void open(InetAddress from, Client client) {
    open(new Opening(node, from, client));
  }

  private void open(Opening wanted) {
    waiting.add(wanted);
    openWaiting();
  }

  private void openWaiting() {
    while (opening < OPENING_MAX && !waiting.isEmpty()) {
      opening++;
      new Socket(waiting.remove()).connect();
    }
  }

  private void loop() {
    try (selector;
        inflation) {
      while (!stopped) {
        selector.select(key -> ((Socket) key.attachment()).proceed());
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
          task.run();
        }
      }
      for (SelectionKey key : selector.keys()) {
        key.channel().close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Drops all sockets without a word.
  @Override
  public void close() {
    stopped = true;
    selector.wakeup();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// One WebSocket.
  public final class Socket {
    private final URI to;
    private final @Nullable InetAddress from;
    private final Client client;
    private final Deque<ByteBuffer> unsent = new ArrayDeque<>(1);
    private @Nullable SocketChannel channel;
    private @Nullable SelectionKey key;
    private byte @Nullable [] unread;
    private boolean open;
    private boolean compression;
    private boolean closed;
    private int closeCode = LOST;

    private Socket(Opening opening) {
      this.to = opening.node();
      this.from = opening.from();
      this.client = opening.client();
    }

    private void connect() {
      try {
        SocketChannel opened = SocketChannel.open();
        channel = opened;
        opened.configureBlocking(false);
        opened.setOption(StandardSocketOptions.TCP_NODELAY, true);
        if (from != null) {
          opened.bind(new InetSocketAddress(from, 0));
        }
        opened.connect(new InetSocketAddress(to.getHost(), to.getPort()));
        key = opened.register(selector, SelectionKey.OP_CONNECT, this);
      } catch (IOException e) {
        end();
      }
    }

    /// Sends a text frame.
    public void send(String text) {
      send(Frames.text(text));
    }

    /// Sends a binary frame.
    public void sendBinary(byte[] bytes) {
      send(Frames.binary(bytes));
    }

    /// Ends it without a word.
    public void cut() {
      end();
    }

    /// Ends it as a network does that breaks: with a reset, after which its port is free again.
    public void reset() {
      try {
        if (channel != null && !closed) {
          channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        }
      } catch (IOException e) {
        // it is gone already
      }
      end();
    }

    private void send(ByteBuffer bytes) {
      unsent.add(bytes);
      try {
        write();
      } catch (IOException e) {
        end();
      }
    }

    private void write() throws IOException {
      SocketChannel to = channel;
      SelectionKey interest = key;
      if (to == null || interest == null || closed) {
        return;
      }
      while (!unsent.isEmpty()) {
        to.write(unsent.element());
        if (unsent.element().hasRemaining()) {
          interest.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
          return;
        }
        unsent.remove();
      }
      interest.interestOps(SelectionKey.OP_READ);
    }

    private void proceed() {
      SocketChannel from = channel;
      SelectionKey ready = key;
      if (from == null || ready == null) {
        return;
      }
      try {
        if (ready.isConnectable()) {
          from.finishConnect();
          send(ByteBuffer.wrap(handshake(to)));
        } else {
          if (ready.isWritable()) {
            write();
          }
          if (ready.isReadable()) {
            read(from);
          }
        }
      } catch (IOException | IllegalStateException e) {
        end();
      }
    }

    private void read(SocketChannel from) throws IOException {
      inbound.clear();
      if (unread != null) {
        inbound.put(unread);
        unread = null;
      }
      boolean ended = from.read(inbound) < 0;
      inbound.flip();
      if (open || upgraded()) {
        takeFrames();
      }
      if (inbound.hasRemaining()) {
        byte[] rest = new byte[inbound.remaining()];
        inbound.get(rest);
        unread = rest;
      }
      if (ended) {
        end();
      }
    }

    /// Takes the server's answer to the handshake off the bytes, once it is whole.
    private boolean upgraded() throws IOException {
      String answer =
          new String(
              inbound.array(), inbound.position(), inbound.remaining(), StandardCharsets.US_ASCII);
      int end = answer.indexOf("\r\n\r\n");
      if (end < 0) {
        return false;
      }
      if (!answer.startsWith("HTTP/1.1 101 ")) {
        throw new IOException("no WebSocket: " + answer.lines().findFirst().orElse(""));
      }
      compression = answer.substring(0, end).contains("permessage-deflate");
      inbound.position(inbound.position() + end + 4);
      open = true;
      opening--;
      client.opened(this);
      openWaiting();
      return true;
    }

    private void takeFrames() {
      for (Frame frame = Frames.next(inbound); frame != null; frame = Frames.next(inbound)) {
        switch (frame.opcode()) {
          case Frames.PING -> send(Frames.pong(frame));
          case Frames.CLOSE -> {
            closeCode = frame.closeCode();
            send(Frames.closed(frame));
          }
          default -> client.received(compression ? inflation.inflated(frame) : plain(frame));
        }
      }
    }

    private static Frame plain(Frame frame) {
      if (frame.compressed()) {
        throw new IllegalStateException("compressed, which was not agreed");
      }
      return frame;
    }

    private void end() {
      if (closed) {
        return;
      }
      closed = true;
      if (!open) {
        opening--;
      }
      if (channel != null) {
        try {
          channel.close();
        } catch (IOException e) {
          // it is gone either way
        }
      }
      client.closed(closeCode);
      openWaiting();
    }
  }
}
