package presence.user;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import presence.cluster.Remote;

/// What happened to the register.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "is")
@JsonSubTypes({
  @JsonSubTypes.Type(name = "entered", value = RegisterEvent.Entered.class),
})
public sealed interface RegisterEvent extends Remote {
  /// This is in force for a person.
  record Entered(String person, Sanctions sanctions, long at) implements RegisterEvent {}
}
