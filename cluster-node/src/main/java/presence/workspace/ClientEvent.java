package presence.workspace;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import presence.cluster.Last;
import presence.cluster.Remote;

/// What happened to a client. The numbers are steps of its journal.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "is")
@JsonSubTypes({
  @JsonSubTypes.Type(name = "admitted", value = ClientEvent.Admitted.class),
  @JsonSubTypes.Type(name = "leaving", value = ClientEvent.Leaving.class),
  @JsonSubTypes.Type(name = "retired", value = ClientEvent.Retired.class),
  @JsonSubTypes.Type(name = "settled", value = ClientEvent.Settled.class),
  @JsonSubTypes.Type(name = "vacant", value = ClientEvent.Vacant.class),
})
public sealed interface ClientEvent extends Remote {

  /// The client may claim the workspace under this number.
  record Admitted(String workspace, long n) implements ClientEvent {}

  /// The workspace is to be told that no claim up to this number counts.
  record Leaving(String workspace, long n) implements ClientEvent {}

  /// Every workspace is to be told so, and there will never be another claim.
  record Retired(long n) implements ClientEvent {}

  /// The workspace has no claim up to this number and will take none.
  record Settled(String workspace, long n) implements ClientEvent {}

  /// There is nothing to remember.
  record Vacant() implements ClientEvent, Last {}
}
