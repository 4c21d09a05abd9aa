package presence.gateway;

import java.util.HashSet;
import java.util.Set;
import presence.protocol.ClientMessage;
import presence.protocol.ErrorCode;
import presence.protocol.ServerMessage;

/// The instances that a client follows without being in them, because that is all its token allows
/// it there: it is in no list and no count, and its session knows nothing of it. A client that
/// comes back asks for them again.
final class Onlooking {
  private final Hold hold;
  private final Streams streams;
  private final Line line;
  private final Looks looks;
  private final int instancesMax;
  private final Set<String> instances = new HashSet<>(2);

  Onlooking(Hold hold, Streams streams, Line line, Looks looks, int instancesMax) {
    this.hold = hold;
    this.streams = streams;
    this.line = line;
    this.looks = looks;
    this.instancesMax = instancesMax;
  }

  /// Does what the client asks, if it is about one of these instances.
  boolean takes(ClientMessage message) {
    return switch (message) {
      case ClientMessage.Join join when mayOnlySee(join.instance()) -> {
        begin(join);
        yield true;
      }
      case ClientMessage.Join join -> {
        instances.remove(join.instance());
        yield false;
      }
      case ClientMessage.Leave leave when instances.remove(leave.instance()) -> {
        streams.leave(leave.instance());
        if (leave.ref() != null) {
          line.answer(new ServerMessage.Ok(leave.ref()));
        }
        yield true;
      }
      default -> false;
    };
  }

  private boolean mayOnlySee(String instance) {
    return !hold.grant().mayJoin(instance) && hold.grant().maySee(instance);
  }

  private void begin(ClientMessage.Join join) {
    if (!instances.contains(join.instance()) && instances.size() >= instancesMax) {
      line.answer(
          Replies.refusal(ErrorCode.FORBIDDEN, "a session follows at most " + instancesMax, join));
    } else if (looks.allow(join, join.instance())) {
      instances.add(join.instance());
      streams.watch(join);
    }
  }

  /// Hears what its relay says: there may be no such instance.
  void hear(Relay.Delivery delivery) {
    if (delivery instanceof Relay.Refused refused && refused.code() == ErrorCode.NOT_FOUND) {
      instances.remove(refused.instance());
    }
  }

  /// Whether it is followed from outside.
  boolean isOf(String instance) {
    return instances.contains(instance);
  }
}
