package presence.user;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import presence.cluster.Remote;
import presence.protocol.Member;

/// What lies in a mailbox until its recipient says that it came.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "is")
@JsonSubTypes({
  @JsonSubTypes.Type(name = "letter", value = Item.Letter.class),
  @JsonSubTypes.Type(name = "outcome", value = Item.Outcome.class),
})
public sealed interface Item extends Remote {

  /// By what it is acknowledged: the same at every push of it.
  String id();

  /// A direct message.
  ///
  /// @param from who wrote it; of an anonymous session the id is that of the session
  /// @param at when it was accepted, in milliseconds since 1970
  record Letter(String id, Member from, String text, long at) implements Item {}

  /// What became of the letter of this id, told to who sent it.
  record Outcome(String id, Result result) implements Item {}

  enum Result {
    /// A session of the recipient said that it came.
    DELIVERED,
    /// Nobody said so in time.
    EXPIRED
  }
}
