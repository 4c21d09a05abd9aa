package presence.gateway.ws.frame;

import org.apache.pekko.util.ByteString;

/// What a [FrameDecoder] finds in the bytes of a client.
public sealed interface Inbound {
  /// A whole text message, from one frame or several.
  record Text(String text) implements Inbound {}

  /// A whole binary message; its content was dropped.
  record Binary() implements Inbound {}

  /// A ping, to be answered by a pong with the same payload.
  record Ping(ByteString payload) implements Inbound {}

  record Pong() implements Inbound {}

  /// The client closes; nothing follows. The code is 1005 if it gave none.
  record Close(int code, String reason) implements Inbound {}

  /// The client broke the protocol; nothing follows. The code is the one to close with.
  record Violation(int code, String why) implements Inbound {}
}
