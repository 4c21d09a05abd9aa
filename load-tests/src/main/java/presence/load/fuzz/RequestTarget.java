package presence.load.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;
import static presence.load.fuzz.Target.check;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;

/// Requests to the routes of a node: each is answered in time, and what the node says of itself is
/// never that it failed.
public final class RequestTarget implements Target {
  private static final int PATIENCE_MS = 15_000;
  private static final int STATUS_CHARS_MAX = 200;

  /// What a request may be that a node does not understand: another method, another protocol.
  private static final Set<Integer> NOT_MEANT = Set.of(501, 505);

  private static final int BUSY = 503;
  private static final int BUSY_TRIES = 3;

  private final InetSocketAddress node;
  private final Routes routes;

  /// @param admin the operators' token
  public RequestTarget(URI node, String admin) {
    this.node = new InetSocketAddress(node.getHost(), node.getPort());
    this.routes = Routes.published(node.getAuthority(), admin);
  }

  @Override
  public String name() {
    return "requests";
  }

  @Override
  public byte[] input(RandomGenerator random) {
    Mutilation mutilation = new Mutilation(random);
    byte[] request = routes.request(mutilation).getBytes(UTF_8);
    return mutilation.once(4) ? mutilation.bytes(request) : request;
  }

  @Override
  public void take(byte[] input) throws IOException {
    int status = statusUnlessBusy(input);
    check(status < 500 || NOT_MEANT.contains(status), () -> "answered %d".formatted(status));
  }

  private int statusUnlessBusy(byte[] request) throws IOException {
    int status = status(request, true);
    for (int tries = 1; status == BUSY && tries < BUSY_TRIES; tries++) {
      status = status(request, true);
    }
    return status;
  }

  /// The status of the answer; 0 if the connection ended without one, as it may when the request
  /// was none.
  ///
  /// @param whole whether nothing follows, so that what is cut off is not waited for
  private int status(byte[] request, boolean whole) throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(node, PATIENCE_MS);
      socket.setSoTimeout(PATIENCE_MS);
      socket.getOutputStream().write(request);
      if (whole) {
        socket.shutdownOutput();
      }
      return status(socket.getInputStream());
    } catch (SocketTimeoutException e) {
      throw new AssertionError("no answer within %d ms".formatted(PATIENCE_MS), e);
    } catch (SocketException e) {
      return 0; // it was closed before all was written
    }
  }

  private static int status(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
      line.append((char) next);
      check(
          line.length() < STATUS_CHARS_MAX,
          () -> "a status of %d characters".formatted(line.length()));
    }
    List<String> words = List.of(line.toString().strip().split(" "));
    if (line.isEmpty()) {
      return 0;
    }
    check(
        words.size() >= 2 && words.getFirst().startsWith("HTTP/1."),
        () -> "answered %s".formatted(line));
    return Integer.parseInt(words.get(1));
  }

  /// Streams of events that are asked to go on where nobody can know: at any position, or none.
  public Target streams() {
    return new Target() {
      @Override
      public String name() {
        return "streams";
      }

      @Override
      public byte[] input(RandomGenerator random) {
        return routes.stream(new Mutilation(random)).getBytes(UTF_8);
      }

      @Override
      public void take(byte[] input) throws IOException {
        int status = status(input, false);
        check(status > 0, () -> "no answer");
        check(status < 500, () -> "answered %d".formatted(status));
      }
    };
  }
}
