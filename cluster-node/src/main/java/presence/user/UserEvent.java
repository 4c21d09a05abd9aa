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
  @JsonSubTypes.Type(name = "pardoned", value = UserEvent.Pardoned.class),
  @JsonSubTypes.Type(name = "muted", value = UserEvent.Muted.class),
  @JsonSubTypes.Type(name = "unmuted", value = UserEvent.Unmuted.class),
  @JsonSubTypes.Type(name = "mailed", value = UserEvent.Mailed.class),
})
public sealed interface UserEvent extends Remote {
  /// A session said at its step `n` what the person does in it; nothing = it ended.
  record Told(String session, long n, @Nullable Doing doing, long at) implements UserEvent {}

  /// No session of the person may exist before `until`; 0 = those there are end, and others may
  /// come.
  record Banned(long until, long at, @Nullable String reason) implements UserEvent {}

  /// The person is banned no longer.
  record Pardoned(long at) implements UserEvent {}

  /// The person must be silent in a place before `until`.
  record Muted(String where, long until, long at, @Nullable String reason) implements UserEvent {}

  /// The person may speak there again.
  record Unmuted(String where, long at) implements UserEvent {}

  /// Something happened to their mailbox.
  record Mailed(MailEvent event) implements UserEvent {}
}
