package presence.gateway.ws;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A socket of a real server, its client a plain socket, its connection the test.
@Timeout(30)
class SocketTest {
  private static TestServer server;

  @BeforeAll
  static void start() throws Exception {
    server = new TestServer();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void aMessageComesWhenItIsPulled() throws Exception {
    try (var client = new RawClient(server.port())) {
      Served served = server.serve();
      client.send(Frames.text("hello"));
      assertThat(served.pullText()).isEqualTo("hello");
      served.send("welcome");
      assertThat(client.receive().payload()).isEqualTo("welcome");
    }
  }
}
