package presence.user;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import presence.cluster.Remote;

/// What happened to a [Mailbox]. Times are milliseconds since 1970.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "is")
@JsonSubTypes({
  @JsonSubTypes.Type(name = "accepted", value = MailEvent.Accepted.class),
  @JsonSubTypes.Type(name = "acknowledged", value = MailEvent.Acknowledged.class),
  @JsonSubTypes.Type(name = "expired", value = MailEvent.Expired.class),
  @JsonSubTypes.Type(name = "informed", value = MailEvent.Informed.class),
  @JsonSubTypes.Type(name = "reported", value = MailEvent.Reported.class),
})
public sealed interface MailEvent extends Remote {
  /// A letter was taken in, and is remembered.
  ///
  /// @param crowdedOut how many letters made room for it, the oldest of those that were delivered
  ///   to one session and still waited for others
  /// @param forgotten how many letters are not remembered any more, the oldest
  record Accepted(Posting posting, String id, int crowdedOut, int forgotten, long at)
      implements MailEvent {}

  /// A session has these items.
  record Acknowledged(String session, List<String> ids, long at) implements MailEvent {}

  /// Nobody came in time for what has been here since this moment or longer.
  record Expired(long since, long at) implements MailEvent {}

  /// What became of letters of this mailbox's owner.
  ///
  /// @param crowdedOut how many outcomes made room for these, the oldest
  record Informed(List<Item.Outcome> outcomes, int crowdedOut, long at) implements MailEvent {}

  /// The senders of these letters know what became of them.
  record Reported(List<String> ids, long at) implements MailEvent {}
}
