package presence.workspace;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;
import presence.cluster.Remote;

/// Who has a claim to a workspace, as a pure value. Times are milliseconds since 1970.
///
/// | phase | hold | attach | last stream lost | deadline | drop |
/// |---|---|---|---|---|---|
/// | none | `Held` | `Attached` | – | – | – |
/// | `Held` | `Held`, later deadline | `Attached` | – | none | none |
/// | `Attached` | unchanged | unchanged | `Leased` | – | none |
/// | `Leased` | `Leased`, later deadline | `Attached` | unchanged | none | none |
///
/// Each claim has a number. What bears a smaller one than the present claim, or than the last that
/// ended ([Fences]), changes nothing: a late hold, attach or release of an older claim is harmless
/// by that one rule.
record Claims(PMap<String, Claim> all) {
  static final Claims NONE = new Claims(HashTreePMap.empty());

  /// A claim that ended, or that may not begin any more.
  ///
  /// @param n every claim of the client up to this number is meant
  record Ended(String client, long n) implements Remote {}

  @Nullable Claim of(String client) {
    return all.get(client);
  }

  boolean isEmpty() {
    return all.isEmpty();
  }

  int size() {
    return all.size();
  }

  boolean has(String client) {
    return all.containsKey(client);
  }

  boolean isAttached(String client) {
    Claim claim = of(client);
    return claim != null && claim.isAttached();
  }

  /// Whether this is the number of the client's present claim.
  boolean isCurrent(String client, long n) {
    Claim claim = of(client);
    return claim != null && claim.n() == n;
  }

  Claims hold(String client, long n, long deadline) {
    Claim claim = current(client, n, new Claim.Held(deadline));
    return with(
        client,
        switch (claim.phase()) {
          case Claim.Held held -> claim.in(new Claim.Held(Math.max(held.deadline(), deadline)));
          case Claim.Attached attached -> claim;
          case Claim.Leased leased ->
              claim.in(new Claim.Leased(Math.max(leased.deadline(), deadline)));
        });
  }

  Claims attach(String client, long n) {
    Claim.Phase attached = new Claim.Attached();
    return with(client, current(client, n, attached).in(attached));
  }

  private Claim current(String client, long n, Claim.Phase phase) {
    Claim claim = of(client);
    return claim == null || claim.n() < n ? Claim.first(n, phase) : claim;
  }

  /// The client's last stream was lost.
  Claims detach(String client, long deadline) {
    return change(
        client, claim -> claim.isAttached() ? claim.in(new Claim.Leased(deadline)) : claim);
  }

  Claims select(String client, @Nullable String session) {
    return change(client, claim -> claim.selecting(session));
  }

  Claims start(String client, String run, String session) {
    return change(client, claim -> claim.running(runs(claim).plus(run, session)));
  }

  Claims finish(String client, String run) {
    return change(client, claim -> claim.running(runs(claim).minus(run)));
  }

  private static PMap<String, String> runs(Claim claim) {
    return HashTreePMap.from(claim.runs());
  }

  /// Ends the client's claim, with its selection and its runs, unless it is newer than `n`.
  Claims drop(String client, long n) {
    Claim claim = of(client);
    return claim == null || claim.n() > n ? this : new Claims(all.minus(client));
  }

  /// A session is gone: nobody looks at it, nothing runs in it.
  Claims forget(String session) {
    Claims rest = this;
    for (Map.Entry<String, Claim> each : all.entrySet()) {
      Claim claim = each.getValue();
      if (Objects.equals(claim.selection(), session) || claim.runs().containsValue(session)) {
        PMap<String, String> runs = runs(claim);
        for (Map.Entry<String, String> run : claim.runs().entrySet()) {
          runs = run.getValue().equals(session) ? runs.minus(run.getKey()) : runs;
        }
        boolean selected = Objects.equals(claim.selection(), session);
        rest =
            rest.with(
                each.getKey(), claim.running(runs).selecting(selected ? null : claim.selection()));
      }
    }
    return rest;
  }

  private Claims change(String client, UnaryOperator<Claim> how) {
    Claim claim = of(client);
    return claim == null ? this : with(client, how.apply(claim));
  }

  private Claims with(String client, Claim claim) {
    return new Claims(all.plus(client, claim));
  }

  /// The clients that are attached.
  List<String> attached() {
    return all.entrySet().stream()
        .filter(each -> each.getValue().isAttached())
        .map(Map.Entry::getKey)
        .toList();
  }

  /// The claims whose deadline has passed.
  List<Ended> due(long now) {
    List<Ended> due = new ArrayList<>();
    all.forEach((client, claim) -> {
      Long deadline = claim.deadline();
      if (deadline != null && deadline <= now) {
        due.add(new Ended(client, claim.n()));
      }
    });
    return due;
  }

  /// The first deadline, if there is one.
  OptionalLong nextDeadline() {
    return all.values().stream()
        .map(Claim::deadline)
        .filter(Objects::nonNull)
        .mapToLong(Long::longValue)
        .min();
  }

  /// The client whose run in the session this is, if it is open.
  @Nullable String runner(String session, String run) {
    for (Map.Entry<String, Claim> each : all.entrySet()) {
      if (session.equals(each.getValue().runs().get(run))) {
        return each.getKey();
      }
    }
    return null;
  }

  Numbers numbers(String session) {
    Numbers numbers = Numbers.NONE;
    for (Claim claim : all.values()) {
      boolean selected = session.equals(claim.selection());
      numbers =
          numbers.plus(
              claim.runs().containsValue(session),
              selected && claim.isAttached(),
              selected && claim.phase() instanceof Claim.Leased);
    }
    return numbers;
  }

  /// The numbers of all sessions that are not [Numbers#NONE], in one pass over the claims.
  Map<String, Numbers> numbers() {
    Map<String, Numbers> sums = new HashMap<>();
    for (Claim claim : all.values()) {
      claim.runs().values().forEach(session -> add(sums, session, true, false, false));
      String selection = claim.selection();
      if (selection != null) {
        add(sums, selection, false, claim.isAttached(), claim.phase() instanceof Claim.Leased);
      }
    }
    return sums;
  }

  private static void add(
      Map<String, Numbers> sums, String session, boolean busy, boolean attached, boolean leased) {
    sums.merge(
        session,
        Numbers.NONE.plus(busy, attached, leased),
        (some, one) -> some.plus(busy, attached, leased));
  }
}
