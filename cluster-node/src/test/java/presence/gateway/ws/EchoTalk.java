package presence.gateway.ws;

import static org.assertj.core.api.Assertions.assertThat;
import static presence.gateway.ws.frame.Frames.close;
import static presence.gateway.ws.frame.Frames.frame;
import static presence.gateway.ws.frame.Frames.join;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import presence.gateway.ws.frame.Rfc6455;

/// What clients say to a server whose connections say it back, and what they must hear. All is said
/// twice, on sockets of their own: in one write, and in small ones, byte by byte where it is short.
record EchoTalk(TestServer server) {
  private static final int SHORT_BYTES = 1_000;
  private static final int PIECE_BYTES = 997;

  /// That this is answered so, and that the socket lives on.
  void assertAnswers(byte[] said, RawClient.Frame... answers) throws Exception {
    inBothWays(
        said,
        client -> {
          hear(client, answers);
          client.send(close(1000, ""));
          assertThat(client.receive()).isEqualTo(closed(1000));
          assertThat(client.drain()).isZero();
        });
  }

  /// That the server fails the connection for this, with a close frame of this code.
  void assertFails(int code, byte[] wrong) throws Exception {
    inBothWays(wrong, client -> hearFailure(client, code));
  }

  /// The same once something right was said and answered.
  void assertFailsAfter(byte[] right, RawClient.Frame answer, int code, byte[] wrong)
      throws Exception {
    inBothWays(
        right,
        client -> {
          hear(client, answer);
          client.send(wrong);
          hearFailure(client, code);
        });
  }

  /// That this, in one write, is answered so, and that the server then ends the connection.
  void assertEnds(byte[] said, RawClient.Frame... answers) throws Exception {
    inPieces(
        said,
        said.length,
        client -> {
          hear(client, answers);
          assertThat(client.drain()).isZero();
        });
  }

  /// That this is answered so if it is said in writes of this many bytes.
  void assertAnswersInPieces(byte[] said, int pieceBytes, RawClient.Frame... answers)
      throws Exception {
    inPieces(said, pieceBytes, client -> hear(client, answers));
  }

  private interface Rest {
    void of(RawClient client) throws IOException;
  }

  private void inBothWays(byte[] said, Rest rest) throws Exception {
    inPieces(said, Math.max(1, said.length), rest);
    inPieces(said, said.length <= SHORT_BYTES ? 1 : PIECE_BYTES, rest);
  }

  private void inPieces(byte[] said, int pieceBytes, Rest rest) throws Exception {
    try (var client = new RawClient(server.port())) {
      server.serveEcho();
      for (int at = 0; at < said.length; at += pieceBytes) {
        client.send(Arrays.copyOfRange(said, at, Math.min(said.length, at + pieceBytes)));
      }
      rest.of(client);
    }
  }

  private static void hear(RawClient client, RawClient.Frame... answers) throws IOException {
    for (RawClient.Frame answer : answers) {
      assertThat(client.receive()).isEqualTo(answer);
    }
  }

  private static void hearFailure(RawClient client, int code) throws IOException {
    RawClient.Frame close = client.receive();
    assertThat(close.opcode()).isEqualTo(Rfc6455.CLOSE);
    assertThat(close.closeCode()).isEqualTo(code);
    client.halfClose();
    assertThat(client.drain()).isZero();
  }

  static RawClient.Frame said(String text) {
    return answer(Rfc6455.TEXT, text.getBytes(StandardCharsets.UTF_8));
  }

  static RawClient.Frame ponged(String payload) {
    return ponged(payload.getBytes(StandardCharsets.UTF_8));
  }

  static RawClient.Frame ponged(byte[] payload) {
    return answer(Rfc6455.PONG, payload);
  }

  static RawClient.Frame closed(int code) {
    return answer(Rfc6455.CLOSE, new byte[] {(byte) (code >> 8), (byte) code});
  }

  private static RawClient.Frame answer(int opcode, byte[] payload) {
    return new RawClient.Frame(true, opcode, new String(payload, StandardCharsets.ISO_8859_1));
  }

  /// A text in fragments of this many bytes, wherever that cuts its characters.
  static byte[] fragments(String text, int bytes) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    List<byte[]> frames = new ArrayList<>();
    for (int at = 0; at < utf8.length; at += bytes) {
      int end = Math.min(utf8.length, at + bytes);
      int opcode = at == 0 ? Rfc6455.TEXT : Rfc6455.CONTINUATION;
      int last = end == utf8.length ? 0x80 : 0;
      frames.add(frame(last | opcode, Arrays.copyOfRange(utf8, at, end)));
    }
    return join(frames.toArray(byte[][]::new));
  }
}
