package presence.instance;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import presence.cluster.Remote;
import presence.protocol.ServerMessage;

/// One step of an instance's stream: the seq after it is one greater than the seq before it.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "is")
@JsonSubTypes({
  @JsonSubTypes.Type(name = "people", value = Change.People.class),
  @JsonSubTypes.Type(name = "message", value = Change.Message.class),
})
public sealed interface Change extends Remote {
  long seq();

  /// Milliseconds since 1970 at which the instance made it.
  long at();

  /// The sets or the counts changed.
  record People(ServerMessage.Delta delta, long at) implements Change {
    @Override
    public long seq() {
      return delta.seq();
    }
  }

  /// Somebody said something.
  ///
  /// @param session the author's session, which alone is told the `clientMessageId`
  /// @param message as the author sees it
  record Message(String session, ServerMessage.Said message) implements Change {
    @Override
    public long seq() {
      return message.seq();
    }

    @Override
    public long at() {
      return message.at();
    }
  }
}
