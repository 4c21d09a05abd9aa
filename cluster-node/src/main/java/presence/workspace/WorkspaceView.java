package presence.workspace;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;
import org.jspecify.annotations.Nullable;
import presence.cluster.Remote;

/// A workspace as its answers and its first event show it: an exact cut of its stream of changes.
///
/// @param epoch another epoch is another stream
/// @param seq how many changes the stream has had
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record WorkspaceView(
    String id,
    @Nullable String path,
    @Nullable String name,
    long createdAt,
    long epoch,
    long seq,
    List<SessionView> sessions)
    implements Remote {}
