package presence.session;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import presence.auth.Grant;
import presence.auth.Principal;
import presence.cluster.Remote;
import presence.instance.Seat;
import presence.instance.Standing;
import presence.protocol.ErrorCode;
import presence.protocol.Handle;
import presence.protocol.Member;
import presence.protocol.Spot;
import presence.user.Doing;
import presence.user.Mailbox;
import presence.world.Stay;
import presence.world.Visit;

/// What a session knows of itself, at step `n`. Immutable.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "is")
@JsonSubTypes({
  @JsonSubTypes.Type(name = "absent", value = SessionState.Absent.class),
  @JsonSubTypes.Type(name = "open", value = SessionState.Open.class),
})
sealed interface SessionState extends Remote {
  long n();

  SessionState apply(SessionEvent event);

  /// How a session is in a world; without a look it has left.
  ///
  /// @param n the step at which it was last to be shown differently there
  /// @param entered the step of entering
  record Visiting(long n, long entered, @Nullable String look, @Nullable Spot spot)
      implements Remote {
    @JsonIgnore
    boolean isIn() {
      return look != null;
    }

    private Visiting at(long step) {
      return new Visiting(step, entered, look, spot);
    }
  }

  /// There is no session of this id: none yet, or none any more. An id that is derived from a key
  /// may live again; steps and epochs go on, so that nothing late of the earlier life counts in the
  /// next.
  record Absent(long n) implements SessionState {
    @Override
    public SessionState apply(SessionEvent event) {
      return event instanceof SessionEvent.Opened opened
          ? new Open(
              opened.n(),
              opened.n(),
              opened.principal(),
              Lease.first(opened.n()),
              Tokens.first(opened.tokenHash()),
              opened.profile(),
              Map.of(),
              opened.n(),
              List.of(),
              Mailbox.EMPTY,
              Map.of(),
              opened.grant())
          : this;
    }
  }

  /// The hashes of the newest resume token and of the one its client came with, until it is known
  /// to hold the newest.
  ///
  /// @param superseded of the attaches before the newest, the last ones: a late repetition of one
  ///   of them must not win after all
  record Tokens(String newest, @Nullable String predecessor, List<String> superseded)
      implements Remote {
    private static final int SUPERSEDED_MAX = 8;

    static Tokens first(String newest) {
      return new Tokens(newest, null, List.of());
    }

    boolean accepts(String presented) {
      return presented.equals(newest) || presented.equals(predecessor);
    }

    /// After an attach that brings a newer token.
    ///
    /// @param presented the token it came with; absent when it came by its key
    Tokens attach(String next, @Nullable String presented) {
      List<String> lost = new ArrayList<>(superseded);
      lost.add(newest);
      return new Tokens(
          next,
          presented == null ? newest : presented,
          List.copyOf(lost.subList(Math.max(0, lost.size() - SUPERSEDED_MAX), lost.size())));
    }

    Tokens confirmed() {
      return new Tokens(newest, null, superseded);
    }
  }

  /// How the session stands with one instance.
  ///
  /// @param n the step at which that last changed
  /// @param joined false = it left, and the instance has not acknowledged that yet
  record Membership(long n, boolean joined, boolean viewing) implements Remote {}

  /// A session that exists, or is ending and has not told everybody yet.
  ///
  /// @param born the step at which it was opened; 0 = unknown, before any
  /// @param toldPersonAt the step at which what its person must know last changed
  /// @param mail of a session that is or was anonymous
  /// @param worlds those it is in, and those that have not acknowledged that it left
  /// @param grant what its proof allows; absent = everything but to speak as nobody
  record Open(
      long n,
      long born,
      Principal principal,
      Lease lease,
      Tokens tokens,
      Profile profile,
      Map<String, Membership> instances,
      long toldPersonAt,
      List<String> watches,
      Mailbox mail,
      Map<String, Visiting> worlds,
      @Nullable Grant grant)
      implements SessionState {

    public Open {
      worlds = Objects.requireNonNullElse(worlds, Map.of()); // nor has it worlds
      mail = Objects.requireNonNullElse(mail, Mailbox.EMPTY); // an older snapshot has none
    }

    @Override
    public SessionState apply(SessionEvent event) {
      Open next = step();
      return switch (event) {
        case SessionEvent.Opened opened -> new Absent(n).apply(opened);
        case SessionEvent.Attached attached -> next.attached(attached);
        case SessionEvent.Confirmed confirmed -> next.with(tokens.confirmed());
        case SessionEvent.Detached detached -> next.with(detached.lease()).shownIn(lease);
        case SessionEvent.Reclaimed reclaimed ->
            next.with(lease.reclaim(lease.epoch())).shownIn(lease);
        case SessionEvent.Moved moved ->
            next.placed(
                new Profile(
                    profile.displayName(), profile.device(), moved.location(), moved.visible()),
                moved.viewing(),
                false);
        case SessionEvent.Joined joined ->
            next.with(joined.instance(), new Membership(next.n, true, joined.viewing()));
        case SessionEvent.Left left ->
            next.with(left.instance(), new Membership(next.n, false, false));
        case SessionEvent.Released released -> next.without(released.instance());
        case SessionEvent.Entered entered ->
            next.with(
                entered.piece(), new Visiting(next.n, next.n, entered.look(), entered.spot()));
        case SessionEvent.Exited exited ->
            next.with(exited.piece(), new Visiting(next.n, 0, null, null));
        case SessionEvent.Withdrawn withdrawn -> next.withdrawn(withdrawn.piece());
        case SessionEvent.Identified identified -> next.identified(identified);
        case SessionEvent.Watched watched -> next.watching(watched.persons());
        case SessionEvent.Mailed mailed ->
            next.with(mail().apply(mailed.event(), List.of(mailed.session())));
        case SessionEvent.Ending ending -> next.ending(ending.reason());
        case SessionEvent.Ended ended -> new Absent(next.n);
      };
    }

    private Open step() {
      return copy(n + 1, principal, lease, tokens, profile, instances, toldPersonAt, watches);
    }

    private Open attached(SessionEvent.Attached event) {
      return with(lease.attach())
          .shownIn(lease)
          .granted(event.grant())
          .with(tokens.attach(event.tokenHash(), event.presented()))
          .placed(
              event.profile(),
              event.viewing(),
              !Objects.equals(event.profile().displayName(), profile.displayName()));
    }

    /// The session with another profile; every instance for which that makes a difference is told.
    private Open placed(Profile now, Set<String> viewing, boolean renamed) {
      Map<String, Membership> memberships = new LinkedHashMap<>(instances);
      memberships.replaceAll((instance, was) ->
          was.joined() && (renamed || was.viewing() != viewing.contains(instance))
              ? new Membership(n, true, viewing.contains(instance))
              : was);
      boolean same = now.equals(profile) && memberships.equals(instances);
      long told = same ? toldPersonAt : n;
      return copy(n, principal, lease, tokens, now, memberships, told, watches);
    }

    private Open with(Lease lease) {
      return copy(n, principal, lease, tokens, profile, instances, toldPersonAt, watches);
    }

    private Open with(Mailbox box) {
      return new Open(
          n,
          born,
          principal,
          lease,
          tokens,
          profile,
          instances,
          toldPersonAt,
          watches,
          box,
          worlds,
          grant);
    }

    private Open with(Map<String, Visiting> visits) {
      return new Open(
          n,
          born,
          principal,
          lease,
          tokens,
          profile,
          instances,
          toldPersonAt,
          watches,
          mail,
          visits,
          grant);
    }

    private Open granted(@Nullable Grant now) {
      return now == null
          ? this
          : new Open(
              n,
              born,
              principal,
              lease,
              tokens,
              profile,
              instances,
              toldPersonAt,
              watches,
              mail,
              worlds,
              now);
    }

    private Open with(String piece, Visiting visiting) {
      Map<String, Visiting> visits = new LinkedHashMap<>(worlds);
      visits.put(piece, visiting);
      return with(visits);
    }

    private Open withdrawn(String piece) {
      Map<String, Visiting> visits = new LinkedHashMap<>(worlds);
      visits.remove(piece);
      return with(visits);
    }

    /// Every world it is in is to hear from it, since it is shown differently there.
    private Open shownAnew() {
      Map<String, Visiting> visits = new LinkedHashMap<>(worlds);
      visits.replaceAll((piece, was) -> was.isIn() ? was.at(n) : was);
      return with(visits);
    }

    private Open shownIn(Lease before) {
      return isLeased(before) == isLeased(lease) ? this : shownAnew();
    }

    private static boolean isLeased(Lease lease) {
      return lease.phase() instanceof Lease.Leased;
    }

    private Open with(Tokens tokens) {
      return copy(n, principal, lease, tokens, profile, instances, toldPersonAt, watches);
    }

    private Open with(String instance, Membership membership) {
      Map<String, Membership> memberships = new LinkedHashMap<>(instances);
      Membership was = memberships.put(instance, membership);
      boolean sameView = membership.viewing() == (was != null && was.viewing());
      return copy(
          n, principal, lease, tokens, profile, memberships, sameView ? toldPersonAt : n, watches);
    }

    private Open without(String instance) {
      Map<String, Membership> memberships = new LinkedHashMap<>(instances);
      memberships.remove(instance);
      return copy(n, principal, lease, tokens, profile, memberships, toldPersonAt, watches);
    }

    private Open identified(SessionEvent.Identified event) {
      if (event.principal().equals(principal)) {
        return granted(event.grant());
      }
      Map<String, Membership> memberships = new LinkedHashMap<>(instances);
      memberships.replaceAll(
          (instance, was) -> was.joined() ? new Membership(n, true, was.viewing()) : was);
      return copy(n, event.principal(), lease, tokens, profile, memberships, n, watches)
          .granted(Objects.requireNonNullElse(event.grant(), Grant.ALL))
          .shownAnew();
    }

    private Open watching(List<String> persons) {
      return copy(n, principal, lease, tokens, profile, instances, toldPersonAt, persons);
    }

    private Open ending(EndReason reason) {
      Map<String, Membership> memberships = new LinkedHashMap<>(instances);
      memberships.replaceAll((instance, was) -> new Membership(n, false, false));
      Map<String, Visiting> visits = new LinkedHashMap<>(worlds);
      visits.replaceAll((piece, was) -> new Visiting(n, 0, null, null));
      return copy(n, principal, lease.end(reason), tokens, profile, memberships, n, watches)
          .with(mail().closed())
          .with(visits);
    }

    private Open copy(
        long n,
        Principal principal,
        Lease lease,
        Tokens tokens,
        Profile profile,
        Map<String, Membership> instances,
        long toldPersonAt,
        List<String> watches) {
      return new Open(
          n,
          born,
          principal,
          lease,
          tokens,
          profile,
          instances,
          toldPersonAt,
          watches,
          mail,
          worlds,
          grant);
    }

    /// Whether it is in this world.
    boolean isIn(String piece) {
      Visiting visiting = worlds.get(piece);
      return visiting != null && visiting.isIn();
    }

    /// The worlds it is in.
    List<String> visited() {
      return worlds.entrySet().stream()
          .filter(each -> each.getValue().isIn())
          .map(Map.Entry::getKey)
          .toList();
    }

    /// Its word to a world.
    Visit visit(String session, String piece) {
      Visiting visiting = worlds.get(piece);
      if (visiting == null) {
        return new Visit(session, n, null);
      }
      String look = visiting.look();
      Spot spot = visiting.spot();
      Stay stay =
          look == null || spot == null
              ? null
              : new Stay(visiting.entered(), member(), look, spot, isLeased(lease));
      return new Visit(session, visiting.n(), stay);
    }

    boolean isMember(String instance) {
      Membership membership = instances.get(instance);
      return membership != null && membership.joined();
    }

    /// The instances it is a member of.
    List<String> joined() {
      return instances.entrySet().stream()
          .filter(each -> each.getValue().joined())
          .map(Map.Entry::getKey)
          .toList();
    }

    /// Why it may not be in this instance; absent = it may.
    @Nullable ErrorCode joinRefusal(String instance) {
      return grant == null || grant.mayJoin(instance) ? null : ErrorCode.FORBIDDEN;
    }

    /// Why it may not speak in this instance; absent = it may.
    @Nullable ErrorCode sayRefusal(String instance) {
      if (principal.person().isEmpty()) {
        return grant != null && grant.rights() != null && grant.maySay(instance)
            ? null
            : ErrorCode.UNAUTHENTICATED;
      }
      return grant == null || grant.maySay(instance) ? null : ErrorCode.FORBIDDEN;
    }

    /// Whether what it proved was good until before now: it may hear, and speak no more.
    boolean hasEndedProof(long now) {
      return grant != null && grant.hasEnded(now);
    }

    /// Under whose name its words are read.
    Member speaker(String session) {
      Member member = member();
      return member == null ? new Member(session, null, profile.displayName()) : member;
    }

    /// Who others see; absent for an anonymous session.
    @Nullable Member member() {
      return principal
          .person()
          .map(id ->
              new Member(
                  id, principal.handle().map(Handle::value).orElse(null), profile.displayName()))
          .orElse(null);
    }

    /// Its word to an instance.
    Seat seat(String session, String instance) {
      Membership membership = instances.get(instance);
      if (membership == null) {
        return new Seat(session, n, null);
      }
      return new Seat(
          session,
          membership.n(),
          membership.joined() ? new Standing(member(), membership.viewing()) : null);
    }

    /// Its word to its person; nothing = it ended.
    @Nullable Doing doing() {
      if (lease.isOver()) {
        return null;
      }
      TreeSet<String> here = new TreeSet<>();
      instances.forEach((instance, membership) -> {
        if (membership.joined() && membership.viewing()) {
          here.add(instance);
        }
      });
      return new Doing(profile.displayName(), profile.location(), here);
    }
  }
}
