package presence.gateway;

import presence.protocol.CloseCode;

/// What carries frames between one client and its [Connection]; the connection knows nothing else
/// of sockets. Calls may come from any thread and take effect in order.
public interface Wire {
  /// Whether one frame may be sent. If not, [Event.Ready] comes as soon as it may. For the
  /// connection alone.
  boolean isReady();

  /// Takes the wire for one frame, if it is ready: who has taken it sends one, or releases it.
  boolean take();

  /// Gives up what was taken.
  void release();

  /// Sends one text frame. To be called only by who has taken the wire.
  ///
  /// @param payload may be shared with other wires
  void send(Payload payload);

  /// Asks for the next inbound frame: at most one [Event.Text] or [Event.Binary] comes for each
  /// call.
  void pull();

  /// Sends a close frame after what was sent before, and ends. [Event.Gone] follows. As
  /// [CloseCode#LOST], which no frame carries, it drops the client at once and without a word.
  void close(CloseCode code, String reason);

  /// What a wire tells its connection.
  sealed interface Event extends ConnectionCommand {
    /// A whole text message, no longer than the wire's limit.
    record Text(String text) implements Event {}

    /// A binary message; it is not handed on.
    record Binary() implements Event {}

    /// A protocol ping or pong came: the client lives. Told at most once until the connection pulls
    /// or finds the wire ready, however many come.
    record Heard() implements Event {}

    /// The wire takes a frame: told at the start, and after it was asked while it took none.
    record Ready() implements Event {}

    /// The socket is closed or lost; nothing follows.
    record Gone() implements Event {}
  }
}
