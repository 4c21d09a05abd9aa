package presence.client;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static presence.client.Messages.LOBBY;
import static presence.client.Messages.joined;
import static presence.client.Messages.presence;
import static presence.client.Messages.welcome;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import presence.client.TinyServer.Connection;
import presence.protocol.ClientMessage.Hello;
import presence.protocol.ClientMessage.Join;
import presence.protocol.ClientMessage.Pong;
import presence.protocol.ServerMessage;
import presence.protocol.View;

/// `-Dpresence.clients=N` tries more of them.
class ManyClientsTest {
  private static final int CLIENTS = Integer.getInteger("presence.clients", 200);

  @Test
  @Timeout(300)
  void clientsShareTheirThreadsAndComeBackAllTogether() throws Exception {
    List<PresenceClient> clients = new ArrayList<>();
    List<CompletableFuture<View>> views = new ArrayList<>();
    try (TinyServer server = new TinyServer()) {
      ClientOptions options =
          ClientOptions.of(server.uri())
              .withBackOff(new BackOff(Duration.ofMillis(100), Duration.ofMillis(500)));
      for (int i = 0; i < CLIENTS; i++) {
        PresenceClient client = new PresenceClient(options, new PresenceListener() {});
        clients.add(client);
        var _ = client.connect();
        views.add(client.join(LOBBY));
      }
      List<Connection> connections = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        Connection connection = server.next();
        connections.add(connection);
        connection.message(Hello.class);
        connection.say(welcome(false));
        connection.say(presence(1, connection.message(Join.class).ref(), "@ann"));
      }
      for (CompletableFuture<View> view : views) {
        assertThat(view.get(30, SECONDS).online()).containsOnlyKeys("@ann");
      }
      assertThat(ManagementFactory.getThreadMXBean().getThreadCount()).isLessThan(60);

      for (Connection connection : connections) {
        connection.cut();
      }
      for (int i = 0; i < CLIENTS; i++) {
        Connection connection = server.next();
        connection.message(Hello.class);
        connection.say(welcome(true, LOBBY), joined(1, 2, null, "@bob"));
        connection.say(new ServerMessage.Ping());
        connection.message(Pong.class);
      }
      for (PresenceClient client : clients) {
        assertThat(client.view(LOBBY).orElseThrow().at().seq()).isEqualTo(2);
      }
    } finally {
      clients.forEach(PresenceClient::close);
    }
  }
}
