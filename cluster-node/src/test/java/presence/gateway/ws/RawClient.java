package presence.gateway.ws;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import presence.gateway.ws.frame.Frames;
import presence.gateway.ws.frame.Rfc6455;

/// A WebSocket client that writes what a test wants on a plain socket and reads frames as they
/// come.
final class RawClient implements AutoCloseable {
  private static final int PATIENCE_MS = 10_000;

  private final Socket socket;
  private final DataInputStream in;
  private final OutputStream out;
  private final List<String> head = new ArrayList<>();

  /// A frame of the server.
  ///
  /// @param opcode with the reserved bits
  record Frame(boolean last, int opcode, String payload) {
    /// The code of a close frame, as its first two characters say it.
    int closeCode() {
      return payload.isEmpty() ? Rfc6455.NO_STATUS : payload.charAt(0) << 8 | payload.charAt(1);
    }

    byte[] bytes() {
      return payload.getBytes(StandardCharsets.ISO_8859_1);
    }

    String closeReason() {
      byte[] bytes = bytes();
      return new String(bytes, 2, bytes.length - 2, StandardCharsets.UTF_8);
    }
  }

  /// Connects and shakes hands.
  ///
  /// @param receiveBytes the size of the kernel's receive buffer, 0 for the usual
  RawClient(int port, int receiveBytes, String... headers) throws IOException {
    socket = new Socket();
    if (receiveBytes > 0) {
      socket.setReceiveBufferSize(receiveBytes);
    }
    socket.setSoTimeout(PATIENCE_MS);
    socket.setTcpNoDelay(true);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    in = new DataInputStream(socket.getInputStream());
    out = socket.getOutputStream();
    shakeHands(headers);
  }

  RawClient(int port, String... headers) throws IOException {
    this(port, 0, headers);
  }

  private void shakeHands(String... headers) throws IOException {
    List<String> lines = new ArrayList<>();
    lines.add("GET /ws HTTP/1.1");
    lines.add("Host: localhost");
    lines.add("Upgrade: websocket");
    lines.add("Connection: Upgrade");
    lines.add("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==");
    lines.add("Sec-WebSocket-Version: 13");
    lines.addAll(List.of(headers));
    send((String.join("\r\n", lines) + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
    for (String line = line(); !line.isEmpty(); line = line()) {
      head.add(line);
    }
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int octet = in.read(); octet != '\n'; octet = in.read()) {
      if (octet < 0) {
        throw new IOException("the server ended within its answer: " + head + line);
      }
      line.append((char) octet);
    }
    return line.toString().strip();
  }

  /// The lines of the server's answer to the handshake.
  List<String> head() {
    return head;
  }

  void send(byte[]... bytes) throws IOException {
    out.write(Frames.join(bytes));
    out.flush();
  }

  /// The next frame; its payload byte by byte, as Latin-1.
  Frame receive() throws IOException {
    int first = in.readUnsignedByte();
    long length = in.readUnsignedByte();
    if (length == 126) {
      length = in.readUnsignedShort();
    } else if (length == 127) {
      length = in.readLong();
    }
    byte[] payload = new byte[(int) length];
    in.readFully(payload);
    return new Frame(
        (first & 0x80) != 0, first & 0x7F, new String(payload, StandardCharsets.ISO_8859_1));
  }

  /// Reads on to the end of the connection.
  ///
  /// @return how many bytes came; -1 if it was reset
  long drain() throws IOException {
    try {
      return in.skip(Long.MAX_VALUE) + in.readAllBytes().length;
    } catch (SocketException e) {
      return -1;
    }
  }

  /// Whether the server has reset the connection, told by a write.
  boolean isReset() {
    try {
      send(new byte[1]);
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  void halfClose() throws IOException {
    socket.shutdownOutput();
  }

  /// Ends the connection with a reset instead of a FIN.
  void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
