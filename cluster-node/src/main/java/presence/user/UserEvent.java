package presence.user;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import org.jspecify.annotations.Nullable;
import presence.cluster.Remote;

/// What happened to a person. Times are milliseconds since 1970.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "is")
@JsonSubTypes({
  @JsonSubTypes.Type(name = "told", value = UserEvent.Told.class),
  @JsonSubTypes.Type(name = "banned", value = UserEvent.Banned.class),
  @JsonSubTypes.Type(name = "mailed", value = UserEvent.Mailed.class),
})
public sealed interface UserEvent extends Remote {
  /// A session said at its step `n` what the person does in it; nothing = it ended.
  record Told(String session, long n, @Nullable Doing doing, long at) implements UserEvent {}

  /// No session of the person may exist before `until`.
  record Banned(long until, long at) implements UserEvent {}

  /// Something happened to their mailbox.
  record Mailed(MailEvent event) implements UserEvent {}
}
