package presence.workspace;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.pcollections.HashTreePMap;
import presence.cluster.Remote;

/// A client's claim to a workspace. Immutable. Times are milliseconds since 1970.
///
/// @param n its number, greater than that of every earlier claim of the client to the workspace
/// @param selection the session the client looks at; absent = none
/// @param runs the session of each open run of the client
public record Claim(long n, Phase phase, @Nullable String selection, Map<String, String> runs)
    implements Remote {

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "is")
  @JsonSubTypes({
    @JsonSubTypes.Type(name = "held", value = Held.class),
    @JsonSubTypes.Type(name = "attached", value = Attached.class),
    @JsonSubTypes.Type(name = "leased", value = Leased.class),
  })
  public sealed interface Phase extends Remote {}

  /// Without a stream, since the client only created the workspace.
  public record Held(long deadline) implements Phase {}

  /// With a stream at least.
  public record Attached() implements Phase {}

  /// The last stream was lost; whoever comes back before the deadline has lost nothing.
  public record Leased(long deadline) implements Phase {}

  static Claim first(long n, Phase phase) {
    return new Claim(n, phase, null, HashTreePMap.empty());
  }

  @JsonIgnore
  public boolean isAttached() {
    return phase instanceof Attached;
  }

  /// When it ends unless its client does something; absent while it is attached.
  @Nullable Long deadline() {
    return switch (phase) {
      case Held held -> held.deadline();
      case Attached attached -> null;
      case Leased leased -> leased.deadline();
    };
  }

  Claim in(Phase next) {
    return new Claim(n, next, selection, runs);
  }

  Claim selecting(@Nullable String session) {
    return new Claim(n, phase, session, runs);
  }

  Claim running(Map<String, String> open) {
    return new Claim(n, phase, selection, open);
  }
}
