package presence.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.http.javadsl.model.AttributeKeys;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.RemoteAddress;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import presence.gateway.Network;

class ProxiesTest {
  private static final List<Network> OURS =
      List.of(Network.parse("10.0.0.0/8"), Network.parse("2001:db8:ffff::/48"));

  private static String client(String header, String peer, String... headers) {
    HttpRequest request =
        HttpRequest.create("/ws")
            .addAttribute(
                AttributeKeys.remoteAddress, RemoteAddress.create(InetAddress.ofLiteral(peer)));
    List<HttpHeader> written = new ArrayList<>();
    for (int i = 0; i < headers.length; i += 2) {
      written.add(RawHeader.create(headers[i], headers[i + 1]));
    }
    return new Proxies(OURS, header)
        .client(request.withHeaders(written))
        .orElseThrow()
        .getHostAddress();
  }

  @ParameterizedTest
  @CsvSource({
    "203.0.113.9, 1.2.3.4, 203.0.113.9",
    "10.0.0.1, 1.2.3.4, 1.2.3.4",
    "10.0.0.1, '6.6.6.6, 1.2.3.4', 1.2.3.4",
    "10.0.0.1, '6.6.6.6, 1.2.3.4, 10.0.0.2', 1.2.3.4",
    "10.0.0.1, '10.9.9.9, 10.0.0.2', 10.9.9.9",
    "10.0.0.1, '6.6.6.6, unknown', 10.0.0.1",
    "10.0.0.1, '6.6.6.6, ', 10.0.0.1",
    "10.0.0.1, '6.6.6.6, localhost', 10.0.0.1",
    "10.0.0.1, '1.2.3.4:5678', 1.2.3.4",
    "10.0.0.1, '[2001:db8::7]:5678', 2001:db8:0:0:0:0:0:7",
    "2001:db8:ffff::1, 2001:db8::7, 2001:db8:0:0:0:0:0:7",
    "10.0.0.1, ' ', 10.0.0.1",
  })
  void theClientIsWhomTheLastOfOurProxiesWasAskedBy(String peer, String written, String client) {
    assertThat(client("X-Forwarded-For", peer, "X-Forwarded-For", written)).isEqualTo(client);
  }

  @Test
  void severalHeadersAreOneList() {
    assertThat(
            client(
                "X-Forwarded-For",
                "10.0.0.1",
                "X-Forwarded-For",
                "6.6.6.6",
                "x-forwarded-for",
                "1.2.3.4"))
        .isEqualTo("1.2.3.4");
  }

  @ParameterizedTest
  @CsvSource({
    "for=1.2.3.4, 1.2.3.4",
    "'for=6.6.6.6;by=10.0.0.9, proto=https;For=\"1.2.3.4:99\";by=10.0.0.1', 1.2.3.4",
    "'for=\"[2001:db8::7]:5678\"', 2001:db8:0:0:0:0:0:7",
    "'for=6.6.6.6, for=_hidden', 10.0.0.1",
    "'for=6.6.6.6, by=1.2.3.4', 10.0.0.1",
  })
  void theStandardHeaderIsReadLikewise(String written, String client) {
    assertThat(client("Forwarded", "10.0.0.1", "Forwarded", written)).isEqualTo(client);
  }

  @Test
  void aHeaderThatOurProxiesDoNotWriteMeansNothing() {
    assertThat(
            client(
                "X-Forwarded-For",
                "10.0.0.1",
                "Forwarded",
                "for=6.6.6.6",
                "X-Real-Ip",
                "6.6.6.6",
                "X-Forwarded-For",
                "1.2.3.4"))
        .isEqualTo("1.2.3.4");
    assertThatThrownBy(() -> new Proxies(OURS, "X-Real-Ip"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
