package presence.auth;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.Optional;
import presence.cluster.Remote;
import presence.protocol.Handle;

/// Who a session belongs to: what was proven, nothing else.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "is")
@JsonSubTypes({
  @JsonSubTypes.Type(name = "user", value = Principal.User.class),
  @JsonSubTypes.Type(name = "key", value = Principal.Key.class),
  @JsonSubTypes.Type(name = "anonymous", value = Principal.Anonymous.class),
})
public sealed interface Principal extends Remote {
  record User(Handle handle) implements Principal {}

  record Key(String publicKey, String person) implements Principal {}

  record Anonymous() implements Principal {}

  default Optional<String> personId() {
    return switch (this) {
      case User user -> Optional.of(user.handle().value());
      case Key key -> Optional.of(key.person());
      case Anonymous nobody -> Optional.empty();
    };
  }

  default boolean sameIdentity(Principal other) {
    return equals(other);
  }
}
