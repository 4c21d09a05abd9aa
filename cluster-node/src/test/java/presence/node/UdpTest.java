package presence.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class UdpTest {
  private static String udp(String... settings) throws Exception {
    try (MemoryNode node = MemoryNode.with(settings);
        HttpClient http = HttpClient.newHttpClient()) {
      URI session = URI.create("http://127.0.0.1:" + node.url().getPort() + "/session/chat");
      return http.send(HttpRequest.newBuilder(session).build(), BodyHandlers.ofString()).body();
    }
  }

  @Test
  void aNodeWhosePortIsTakenSaysSoAndServesWithout() throws Exception {
    try (LogWatch log = new LogWatch();
        DatagramSocket taken = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      String port = String.valueOf(taken.getLocalPort());

      assertThat(udp("PRESENCE_HTTP_PORT", port)).contains("\"udp\":null");
      assertThat(log.complaints())
          .filteredOn(each -> each.contains("UDP port"))
          .singleElement()
          .asString()
          .contains(port);
    }
  }

  @Test
  void whereDatagramsGoMayBeSaid() throws Exception {
    assertThat(
            udp("PRESENCE_UDP_PUBLIC_HOST", "node-1.example", "PRESENCE_UDP_PUBLIC_PORT", "9000"))
        .contains("\"udp\":\"udp://node-1.example:9000\"");
    assertThat(udp("PRESENCE_PUBLIC_URL", "https://chat.example"))
        .contains("\"udp\":\"udp://chat.example:");
  }
}
