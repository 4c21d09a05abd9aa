package presence.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// One HTTP connection of a test that may write what no proper client would.
final class RawHttp implements AutoCloseable {
  private final Socket socket;
  private final InputStream in;

  /// @param headers by name in small letters
  record Answer(int status, Map<String, String> headers, String body) {
    /// The machine word of an error.
    String code() {
      try {
        return LiveNode.JSON.readTree(body).path("code").asText();
      } catch (JsonProcessingException e) {
        throw new IllegalArgumentException(body, e);
      }
    }

    /// Checks that it is this error, in the form every error has.
    void assertError(int expectedStatus, String expectedCode) {
      assertThat(status).as(body).isEqualTo(expectedStatus);
      assertThat(headers).containsEntry("content-type", "application/json");
      assertThat(code()).isEqualTo(expectedCode);
    }
  }

  RawHttp(URI url) {
    this(url, null);
  }

  /// @param from the address of this machine that it comes from
  RawHttp(URI url, @Nullable InetAddress from) {
    try {
      socket = new Socket(InetAddress.getByName(url.getHost()), url.getPort(), from, 0);
      socket.setSoTimeout(15_000);
      in = new BufferedInputStream(socket.getInputStream());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Sends a request without a body, its target as it is.
  Answer get(String target) {
    return send("GET " + target + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
  }

  /// Sends these bytes and reads one answer.
  Answer send(String request) {
    write(request);
    return read();
  }

  /// Asks for a WebSocket.
  ///
  /// @param headers more of them, each with its line end
  Answer upgrade(String host, int version, String headers) {
    return send(
        """
        GET /ws HTTP/1.1\r
        Host: %s\r
        Upgrade: websocket\r
        Connection: Upgrade\r
        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
        Sec-WebSocket-Version: %d\r
        %s\r
        """
            .formatted(host, version, headers));
  }

  void write(String bytes) {
    try {
      socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
      socket.getOutputStream().flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Sends nothing any more, and goes on reading.
  void hangsUp() {
    try {
      socket.shutdownOutput();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Answer read() {
    int status = Integer.parseInt(line().substring(9, 12));
    Map<String, String> headers = new TreeMap<>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
    try {
      return new Answer(status, headers, new String(in.readNBytes(length), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The next line, without its end.
  String line() {
    StringBuilder line = new StringBuilder();
    try {
      for (int next = in.read(); next != '\n'; next = in.read()) {
        if (next < 0) {
          throw new IllegalStateException("the connection ended after: " + line);
        }
        line.append((char) next);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return line.toString().stripTrailing();
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
