package presence.gateway.ws;

import static org.assertj.core.api.Assertions.assertThat;
import static presence.gateway.ws.frame.Frames.compressed;
import static presence.gateway.ws.frame.Frames.deflated;
import static presence.gateway.ws.frame.Frames.frame;
import static presence.gateway.ws.frame.Frames.text;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import presence.gateway.Payload;
import presence.gateway.ws.RawClient.Frame;
import presence.gateway.ws.frame.Frames;
import presence.gateway.ws.frame.Rfc6455;

/// Compression on a real server: sections 12 and 13 of the Autobahn test suite, whose cases are one
/// message of many lengths, and the offers of clients.
@Timeout(60)
@ParameterizedClass
@EnumSource(TestServer.Way.class)
class CompressionTest {
  private static final String OFFER = "Sec-WebSocket-Extensions: permessage-deflate";
  private static final String CHROME = OFFER + "; client_max_window_bits";
  private static final String AGREED =
      OFFER + "; server_no_context_takeover; client_no_context_takeover";
  private static final int COMPRESSED_TEXT = Rfc6455.COMPRESSED | Rfc6455.TEXT;

  private static TestServer server;

  @Parameter TestServer.Way way;

  @BeforeParameterizedClassInvocation
  static void start(TestServer.Way way) throws Exception {
    server = new TestServer(way, "", Duration.ofSeconds(10));
  }

  @AfterParameterizedClassInvocation
  static void stop() {
    server.close();
  }

  private static RawClient client(String... headers) throws Exception {
    return new RawClient(server.port(), headers);
  }

  private static String inflated(Frame frame) throws Exception {
    assertThat(frame.opcode()).isEqualTo(COMPRESSED_TEXT);
    return new String(Frames.inflated(frame.bytes()), StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @ValueSource(ints = {1_024, 4_096, 8_192, 16_384, 32_768, 65_535, 65_536})
  void aLongMessageIsReadAndWrittenCompressed(int length) throws Exception {
    String people =
        IntStream.range(0, length / 10)
            .mapToObj(", member %d"::formatted)
            .collect(Collectors.joining());
    String text = "é".repeat(100) + people.substring(0, length - 200);
    try (var client = client(CHROME)) {
      server.serveEcho();
      assertThat(client.head()).contains(AGREED);
      for (int times = 0; times < 3; times++) {
        client.send(compressed(text));
        Frame answer = client.receive();
        assertThat(inflated(answer)).isEqualTo(text);
        assertThat(answer.bytes()).hasSizeLessThan(length / 2);
      }
    }
  }

  @Test
  void aShortOneIsAnsweredAsItIs() throws Exception {
    try (var client = client(CHROME)) {
      server.serveEcho();
      client.send(compressed("Hello"), text("plain"));
      assertThat(client.receive()).isEqualTo(EchoTalk.said("Hello"));
      assertThat(client.receive()).isEqualTo(EchoTalk.said("plain"));
    }
  }

  @Test
  void oneInFragmentsIsReadWhole() throws Exception {
    byte[] deflated = deflated("Hello".repeat(300).getBytes(StandardCharsets.UTF_8));
    try (var client = client(CHROME)) {
      server.serveEcho();
      client.send(frame(0x41, new byte[0]));
      for (byte each : deflated) {
        client.send(frame(0x00, new byte[] {each}));
      }
      client.send(Frames.ping("between"), frame(0x80, new byte[0]));
      assertThat(client.receive()).isEqualTo(EchoTalk.ponged("between"));
      assertThat(inflated(client.receive())).isEqualTo("Hello".repeat(300));
    }
  }

  @Test
  void aBrowserThatDoesNotKeepWhatItOffersIsServedWithout() throws Exception {
    String safari =
        "User-Agent: Mozilla/5.0 (iPhone; CPU iPhone OS 15_%1$d like Mac OS X) Version/15.%1$d"
            + " Safari/604.1";
    try (var old = client(OFFER, safari.formatted(2));
        var newer = client(OFFER, safari.formatted(4))) {
      assertThat(old.head()).noneMatch(line -> line.startsWith("Sec-WebSocket-Extensions"));
      assertThat(newer.head()).contains(AGREED);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {OFFER + "; server_max_window_bits=9", OFFER + "; what=1"})
  void whatCannotBeAgreedIsNot(String offer) throws Exception {
    assertPlain(offer);
  }

  @Test
  void whoOffersNothingIsServedTheSame() throws Exception {
    assertPlain("Accept: */*");
  }

  private static void assertPlain(String header) throws Exception {
    String text = "*".repeat(5_000);
    try (var client = client(header)) {
      server.serveEcho();
      assertThat(client.head()).noneMatch(line -> line.startsWith("Sec-WebSocket-Extensions"));
      client.send(text(text));
      assertThat(client.receive()).isEqualTo(EchoTalk.said(text));
      client.send(compressed(text));
      assertThat(client.receive().closeCode()).isEqualTo(1002);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {65_537, 20_000_000})
  void whatWouldInflateToTooMuchIsTooBig(int length) throws Exception {
    try (var client = client(CHROME)) {
      server.serve().wire().pull();
      client.send(frame(0xC1, deflated(new byte[length])));
      assertThat(client.receive().closeCode()).isEqualTo(1009);
    }
  }

  @Test
  void whatCannotBeInflatedFails() throws Exception {
    try (var client = client(CHROME)) {
      server.serve().wire().pull();
      client.send(frame(0xC1, Frames.hex("ffffffff")));
      assertThat(client.receive().closeCode()).isEqualTo(1007);
    }
  }

  @Test
  void whatConcernsOneClientAloneIsNeverCompressed() throws Exception {
    String letter = "a secret ".repeat(1_000);
    try (var client = client(CHROME)) {
      server.serve().send(letter);
      assertThat(client.receive()).isEqualTo(EchoTalk.said(letter));
    }
  }

  @Test
  void theSameMessageGoesToThoseWhoAgreedAndToOthers() throws Exception {
    Payload shared = new Payload(ByteString.fromString("for all ".repeat(1_000)), "lobby");
    try (var chrome = client(CHROME);
        var other = client()) {
      for (int sockets = 0; sockets < 2; sockets++) {
        Served.send(server.serve().wire(), shared);
      }
      shared.compressed(_ -> {
        throw new AssertionError("it is compressed once");
      });
      assertThat(inflated(chrome.receive())).isEqualTo("for all ".repeat(1_000));
      assertThat(other.receive()).isEqualTo(EchoTalk.said("for all ".repeat(1_000)));
    }
  }
}
