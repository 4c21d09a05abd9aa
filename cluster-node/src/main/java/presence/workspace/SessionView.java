package presence.workspace;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import org.jspecify.annotations.Nullable;
import presence.cluster.Remote;

/// A session as every answer and every event shows it.
///
/// @param createdAt milliseconds since 1970
/// @param isBusy whether a run is open in it
/// @param attachedClients clients with a live stream that look at it
/// @param leasedClients clients that looked at it when their last stream was lost
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SessionView(
    String id,
    @Nullable String name,
    long createdAt,
    long updatedAt,
    @JsonProperty("is_busy") boolean isBusy,
    int attachedClients,
    int leasedClients)
    implements Remote {

  static SessionView of(Session session, Numbers numbers) {
    return new SessionView(
        session.id(),
        session.name(),
        session.createdAt(),
        session.updatedAt(),
        numbers.isBusy(),
        numbers.attachedClients(),
        numbers.leasedClients());
  }
}
