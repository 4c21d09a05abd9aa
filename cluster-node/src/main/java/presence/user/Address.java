package presence.user;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import presence.cluster.Remote;

/// Whom a direct message is for.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "is")
@JsonSubTypes({
  @JsonSubTypes.Type(name = "person", value = Address.Person.class),
  @JsonSubTypes.Type(name = "session", value = Address.Session.class),
})
public sealed interface Address extends Remote {
  String id();

  /// Every session of a person: their normalised handle, or their key.
  record Person(String id) implements Address {}

  /// One session only.
  record Session(String id) implements Address {}
}
