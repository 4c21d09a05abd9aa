package presence.workspace;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.pcollections.HashTreePMap;
import org.pcollections.OrderedPMap;
import org.pcollections.PMap;
import org.pcollections.PVector;
import org.pcollections.TreePVector;
import presence.cluster.Remote;
import presence.protocol.Position;

/// A workspace: its sessions, who has a claim, and the newest part of the stream that tells of
/// both. Immutable. It exists while somebody has a claim; what it keeps beyond that waits for who
/// creates it again.
///
/// @param sessions by id, the oldest first
/// @param at where the stream is; epoch 0 = nothing ever happened
/// @param emptySince when the last claim ended, in milliseconds since 1970
/// @param ring the newest changes; not written to snapshots
record WorkspaceState(
    About about,
    PMap<String, Session> sessions,
    Claims claims,
    Fences fences,
    Position at,
    long emptySince,
    PVector<Change> ring) {

  /// What was said of it when it was created.
  record About(@Nullable String path, @Nullable String name, long createdAt) implements Remote {}

  static final WorkspaceState EMPTY =
      new WorkspaceState(
          new About(null, null, 0),
          OrderedPMap.empty(),
          Claims.NONE,
          Fences.NONE,
          Position.NOWHERE,
          0,
          TreePVector.empty());

  boolean exists() {
    return !claims.isEmpty();
  }

  /// Whether a claim of this number is over: it ended, or another followed it.
  boolean isStale(String client, long n) {
    Claim claim = claims.of(client);
    return fences.bars(client, n) || (claim != null && claim.n() > n);
  }

  /// Whether who creates it now finds nothing of what it was.
  boolean isForgotten(long now, WorkspaceLimits limits) {
    return at.epoch() == 0 || (!exists() && emptySince + limits.sessionsKept().toMillis() <= now);
  }

  WorkspaceState apply(WorkspaceEvent event, WorkspaceLimits limits) {
    WorkspaceState next =
        switch (event) {
          case WorkspaceEvent.Opened opened -> opened(opened);
          case WorkspaceEvent.Held held ->
              with(claims.hold(held.client(), held.n(), held.deadline()));
          case WorkspaceEvent.Attached attached ->
              with(claims.attach(attached.client(), attached.n()));
          case WorkspaceEvent.Detached detached -> detached(detached);
          case WorkspaceEvent.Dropped dropped -> dropped(dropped, limits);
          case WorkspaceEvent.Selected selected ->
              with(claims.select(selected.client(), selected.session()));
          case WorkspaceEvent.RunStarted run ->
              with(claims.start(run.client(), run.run(), run.session()));
          case WorkspaceEvent.RunEnded run -> with(claims.finish(run.client(), run.run()));
          case WorkspaceEvent.Saved saved ->
              with(sessions.plus(saved.session().id(), saved.session()), claims);
          case WorkspaceEvent.Deleted deleted ->
              with(sessions.minus(deleted.session()), claims.forget(deleted.session()));
          case WorkspaceEvent.Vacated vacated -> this;
        };
    return next.published(changes(touched(event, next), next), limits.ring());
  }

  private WorkspaceState opened(WorkspaceEvent.Opened opened) {
    About told =
        new About(
            opened.path() == null && !opened.fresh() ? about.path() : opened.path(),
            opened.name() == null && !opened.fresh() ? about.name() : opened.name(),
            opened.fresh() ? opened.at() : about.createdAt());
    return opened.fresh()
        ? new WorkspaceState(
            told,
            OrderedPMap.empty(),
            Claims.NONE,
            fences,
            new Position(Math.max(opened.at(), at.epoch() + 1), 0),
            0,
            TreePVector.empty())
        : new WorkspaceState(told, sessions, claims, fences, at, emptySince, ring);
  }

  private WorkspaceState detached(WorkspaceEvent.Detached detached) {
    Claims rest = claims;
    for (String client : detached.clients()) {
      rest = rest.detach(client, detached.deadline());
    }
    return with(rest);
  }

  private WorkspaceState dropped(WorkspaceEvent.Dropped dropped, WorkspaceLimits limits) {
    Claims rest = claims;
    Fences raised = fences.forget(dropped.at() - limits.fencesKept().toMillis());
    for (Claims.Ended each : dropped.claims()) {
      rest = rest.drop(each.client(), each.n());
      raised = raised.raise(each.client(), each.n(), dropped.at());
    }
    long empty = exists() && rest.isEmpty() ? dropped.at() : emptySince;
    return new WorkspaceState(about, sessions, rest, raised, at, empty, ring);
  }

  private WorkspaceState with(Claims next) {
    return with(sessions, next);
  }

  private WorkspaceState with(PMap<String, Session> some, Claims next) {
    return new WorkspaceState(about, some, next, fences, at, emptySince, ring);
  }

  /// The sessions that may look different after an event, in an order that is always the same.
  private Set<String> touched(WorkspaceEvent event, WorkspaceState next) {
    Set<String> touched = new TreeSet<>();
    switch (event) {
      case WorkspaceEvent.Opened opened -> {}
      case WorkspaceEvent.Held held -> touched(held.client(), next, touched);
      case WorkspaceEvent.Attached attached -> touched(attached.client(), next, touched);
      case WorkspaceEvent.Detached detached ->
          detached.clients().forEach(each -> touched(each, next, touched));
      case WorkspaceEvent.Dropped dropped ->
          dropped.claims().forEach(each -> touched(each.client(), next, touched));
      case WorkspaceEvent.Selected selected -> touched(selected.client(), next, touched);
      case WorkspaceEvent.RunStarted run -> touched.add(run.session());
      case WorkspaceEvent.RunEnded run -> touched(run.client(), next, touched);
      case WorkspaceEvent.Saved saved -> touched.add(saved.session().id());
      case WorkspaceEvent.Deleted deleted -> touched.add(deleted.session());
      case WorkspaceEvent.Vacated vacated -> {}
    }
    return touched;
  }

  private void touched(String client, WorkspaceState next, Set<String> touched) {
    for (Claim claim : new Claim[] {claims.of(client), next.claims.of(client)}) {
      if (claim != null) {
        touched.addAll(claim.runs().values());
        if (claim.selection() != null) {
          touched.add(claim.selection());
        }
      }
    }
  }

  private List<Change> changes(Set<String> touched, WorkspaceState next) {
    List<Change> changes = new ArrayList<>();
    for (String session : touched) {
      SessionView after = next.session(session);
      if (after != null && !after.equals(session(session))) {
        changes.add(new Change.Updated(after));
      } else if (after == null && sessions.containsKey(session)) {
        changes.add(new Change.Deleted(session));
      }
    }
    return changes;
  }

  private WorkspaceState published(List<Change> changes, int ringMax) {
    if (changes.isEmpty()) {
      return this;
    }
    PVector<Change> longer = ring.plusAll(changes);
    while (longer.size() > ringMax) {
      longer = longer.minus(0);
    }
    Position then = new Position(at.epoch(), at.seq() + changes.size());
    return new WorkspaceState(about, sessions, claims, fences, then, emptySince, longer);
  }

  /// The changes after this place; empty when they are not known any more, or never were.
  Optional<List<Change>> since(Position from) {
    long missing = at.seq() - from.seq();
    if (from.epoch() != at.epoch() || missing < 0 || missing > ring.size()) {
      return Optional.empty();
    }
    int first = ring.size() - (int) missing;
    return Optional.of(IntStream.range(first, ring.size()).mapToObj(ring::get).toList());
  }

  @Nullable SessionView session(String id) {
    Session session = sessions.get(id);
    return session == null ? null : SessionView.of(session, claims.numbers(id));
  }

  /// The workspace as its clients see it.
  WorkspaceView view(String id) {
    Map<String, Numbers> numbers = claims.numbers();
    List<SessionView> views =
        sessions.values().stream()
            .map(each ->
                SessionView.of(
                    each, Objects.requireNonNullElse(numbers.get(each.id()), Numbers.NONE)))
            .toList();
    return new WorkspaceView(
        id, about.path(), about.name(), about.createdAt(), at.epoch(), at.seq(), views);
  }

  /// The state as it is written to the journal.
  record Snapshot(
      About about,
      List<Session> sessions,
      Map<String, Claim> claims,
      List<Barred> fences,
      long epoch,
      long seq,
      long emptySince)
      implements Remote {

    /// A client's fence, in a list: their order counts.
    record Barred(String client, Fences.Fence fence) implements Remote {}

    WorkspaceState state() {
      PMap<String, Session> byId = OrderedPMap.empty();
      for (Session each : sessions) {
        byId = byId.plus(each.id(), each);
      }
      PMap<String, Fences.Fence> byClient = OrderedPMap.empty();
      for (Barred each : fences) {
        byClient = byClient.plus(each.client(), each.fence());
      }
      return new WorkspaceState(
          about,
          byId,
          new Claims(HashTreePMap.from(claims)),
          new Fences(byClient),
          new Position(epoch, seq),
          emptySince,
          TreePVector.empty());
    }
  }

  Snapshot snapshot() {
    return new Snapshot(
        about,
        List.copyOf(sessions.values()),
        claims.all(),
        fences.all().entrySet().stream()
            .map(each -> new Snapshot.Barred(each.getKey(), each.getValue()))
            .toList(),
        at.epoch(),
        at.seq(),
        emptySince);
  }
}
