package presence.load.peers;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import presence.load.Swarm;

/// Members of one room, and visitors who come and go. Every step waits until what it is for has
/// arrived at every member; it fails when something does not come, comes twice, is refused, or a
/// socket is lost.
public final class Room implements Member.Owner {
  private static final int PATIENCE_S = 120;

  private final Swarm swarm;
  private final Venue venue;
  private final String name;
  private final List<Member> members = new ArrayList<>();
  private final List<Member> visitors = new ArrayList<>();
  private final BitSet truth = new BitSet();
  private CompletableFuture<Void> reached = new CompletableFuture<>();
  private BooleanSupplier goal = () -> true;
  private @Nullable Talk talk;
  private @Nullable String failure;
  private boolean truthStands;
  private boolean parting;
  private int opened;
  private int greeted;
  private int settled;
  private int closed;

  /// @param members people who stay
  /// @param visitors people who come and go
  public Room(Swarm swarm, Venue venue, String name, int members, int visitors) {
    this.swarm = swarm;
    this.venue = venue;
    this.name = name;
    for (int person = 0; person < members; person++) {
      this.members.add(new Member(person, venue.tongue(person, name), this));
    }
    for (int person = members; person < members + visitors; person++) {
      this.visitors.add(new Member(person, venue.tongue(person, name), this));
    }
  }

  /// Bare sockets for all members.
  public void connect() {
    step(
        "sockets for all members",
        () -> members.forEach(this::open),
        () -> opened == members.size());
  }

  private void open(Member member) {
    swarm.open(venue.address(member.person()), member);
  }

  /// All say who they are and join at once, until everybody knows of everybody.
  public void join() {
    step(
        "everybody told of everybody",
        () -> {
          truth.set(0, members.size());
          count();
          members.forEach(Member::greet);
        },
        () -> settled == members.size());
  }

  /// Sockets for those who will come and go.
  void invite() {
    step(
        "sockets for all visitors",
        () -> visitors.forEach(this::open),
        () -> greeted == members.size() + visitors.size());
  }

  /// Lets messages be said, so many at a time, until all members have all of them.
  public void talk(int messages, int inFlight) {
    talk(new Talk(members, 0, messages, inFlight));
  }

  /// Lets the message of this number be said, until all members have it.
  void say(int message) {
    talk(new Talk(members, message, message + 1, 1));
  }

  private void talk(Talk begun) {
    step(
        "every message at every member",
        () -> {
          talk = begun;
          begun.begin();
        },
        begun::isOver);
    run(() -> talk = null);
  }

  /// A visitor comes, or leaves.
  void turn(int visitor) {
    swarm.run(() -> visitors.get(visitor).turn());
  }

  /// Waits until every member knows who is there now.
  void settle() {
    step(
        "everybody knows who is there",
        () -> {
          truth.clear();
          truth.set(0, members.size());
          visitors.stream().filter(Member::isInside).forEach(each -> truth.set(each.person()));
          count();
        },
        () -> settled == members.size());
  }

  /// Everybody leaves without a word to the others.
  public void close() {
    step(
        "everybody gone",
        () -> {
          parting = true;
          members.forEach(Member::part);
          visitors.stream().filter(Member::isOpen).forEach(Member::part);
        },
        () -> closed == opened);
  }

  private void count() {
    truthStands = true;
    settled = 0;
    for (Member member : members) {
      member.settles(truth);
      settled += member.isSettled() ? 1 : 0;
    }
  }

  /// Forgets what was counted at the members so far.
  public void reset() {
    run(() -> {
      truthStands = false;
      members.forEach(Member::reset);
    });
  }

  /// The most that this is at any member.
  long most(ToLongFunction<Member> measure) {
    return run(() -> members.stream().mapToLong(measure).max().orElse(0));
  }

  /// The least that this is at any member.
  long least(ToLongFunction<Member> measure) {
    return run(() -> members.stream().mapToLong(measure).min().orElse(0));
  }

  private void step(String what, Runnable begin, BooleanSupplier until) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    swarm.run(() -> {
      reached = done;
      goal = until;
      begin.run();
      look();
    });
    try {
      done.get(PATIENCE_S, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new IllegalStateException("not in %d s: %s".formatted(PATIENCE_S, what), e);
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(what + ": " + e.getMessage(), e);
    }
  }

  private void run(Runnable task) {
    run(() -> {
      task.run();
      return 0L;
    });
  }

  private long run(LongSupplier question) {
    return CompletableFuture.supplyAsync(question::getAsLong, swarm::run).join();
  }

  private void look() {
    if (failure != null) {
      reached.completeExceptionally(new IllegalStateException(failure));
    } else if (goal.getAsBoolean()) {
      reached.complete(null);
    }
  }

  private void fail(String why) {
    if (failure == null) {
      failure = why;
    }
  }

  @Override
  public void opened(Member member) {
    opened++;
    if (member.person() >= members.size()) {
      member.greet();
    }
    look();
  }

  @Override
  public void heard(Member member, Heard heard) {
    boolean stays = member.person() < members.size();
    switch (heard) {
      case Heard.Greeted _ -> {
        greeted++;
        if (stays) {
          member.turn();
        }
      }
      case Heard.Said said -> {
        if (stays && talk != null && !talk.heard(member, said.message())) {
          fail("member %d was told twice of %d".formatted(member.person(), said.message()));
        }
      }
      case Heard.Refused refused -> fail(name + ": " + refused.why());
      default -> {
        if (stays && truthStands && member.settles(truth)) {
          settled += member.isSettled() ? 1 : -1;
        }
      }
    }
    look();
  }

  @Override
  public void closed(Member member, int code) {
    closed++;
    if (!parting) {
      fail("the socket of member %d was closed: %d".formatted(member.person(), code));
    }
    look();
  }
}
