package presence.workspace;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;
import presence.cluster.Remote;

/// A client: the workspaces it may have claims to, and those that are still to be told that it has
/// none. Immutable.
///
/// @param claims the number of its claim to each workspace; it may have ended without word
/// @param leaving up to which number each workspace is to drop its claims
record ClientState(PMap<String, Long> claims, PMap<String, Long> leaving, boolean retired) {
  static final ClientState EMPTY =
      new ClientState(HashTreePMap.empty(), HashTreePMap.empty(), false);

  /// The number of the client's claim to the workspace.
  @Nullable Long claim(String workspace) {
    return claims.get(workspace);
  }

  boolean isSettled() {
    return leaving.isEmpty();
  }

  /// Whether there is nothing to remember.
  boolean isVacant() {
    return claims.isEmpty() && leaving.isEmpty() && !retired;
  }

  /// Whether word of this end is news.
  boolean awaits(String workspace, long n) {
    return upTo(claims.get(workspace), n) || upTo(leaving.get(workspace), n);
  }

  ClientState apply(ClientEvent event) {
    return switch (event) {
      case ClientEvent.Admitted admitted ->
          new ClientState(claims.plus(admitted.workspace(), admitted.n()), leaving, retired);
      case ClientEvent.Leaving gone ->
          new ClientState(
              claims.minus(gone.workspace()), leaving.plus(gone.workspace(), gone.n()), retired);
      case ClientEvent.Retired now -> retired(now.n());
      case ClientEvent.Settled settled -> settled(settled.workspace(), settled.n());
      case ClientEvent.Vacant vacant -> this;
    };
  }

  private ClientState retired(long n) {
    PMap<String, Long> all = leaving;
    for (String workspace : claims.keySet()) {
      all = all.plus(workspace, n);
    }
    return new ClientState(HashTreePMap.empty(), all, true);
  }

  private ClientState settled(String workspace, long n) {
    return new ClientState(
        upTo(claims.get(workspace), n) ? claims.minus(workspace) : claims,
        upTo(leaving.get(workspace), n) ? leaving.minus(workspace) : leaving,
        retired);
  }

  private static boolean upTo(@Nullable Long some, long n) {
    return some != null && some <= n;
  }

  /// The state as it is written to the journal.
  record Snapshot(Map<String, Long> claims, Map<String, Long> leaving, boolean retired)
      implements Remote {
    ClientState state() {
      return new ClientState(HashTreePMap.from(claims), HashTreePMap.from(leaving), retired);
    }
  }

  Snapshot snapshot() {
    return new Snapshot(claims, leaving, retired);
  }
}
