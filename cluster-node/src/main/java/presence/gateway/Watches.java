package presence.gateway;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import presence.cluster.Door;
import presence.user.User;

/// Which persons the connections of one node follow: each person is asked once for all of them, and
/// again from time to time, so that a person who moved to another node is not lost.
public final class Watches extends AbstractBehavior<Watches.Command> {

  public sealed interface Command {}

  /// Tell the connection of these persons, now and at every change.
  public record Follow(Set<String> persons, ActorRef<User.Seen> connection) implements Command {}

  public record Unfollow(Set<String> persons, ActorRef<User.Seen> connection) implements Command {}

  private record Seen(User.Seen seen) implements Command {}

  private record Gone(ActorRef<User.Seen> connection) implements Command {}

  private enum Tick implements Command {
    KEEP_ALIVE
  }

  private final Door<User.Command> users;
  private final ActorRef<User.Seen> ear;
  private final Map<String, Set<ActorRef<User.Seen>>> followers = new HashMap<>();
  private final Map<String, User.Seen> latest = new HashMap<>();
  private final Map<ActorRef<User.Seen>, Set<String>> followed = new HashMap<>();

  public static Behavior<Command> create(Door<User.Command> users, Duration keepAlive) {
    return Behaviors.setup(
        context -> Behaviors.withTimers(timers -> new Watches(users, keepAlive, context, timers)));
  }

  private Watches(
      Door<User.Command> users,
      Duration keepAlive,
      ActorContext<Command> context,
      TimerScheduler<Command> timers) {
    super(context);
    this.users = users;
    this.ear = context.messageAdapter(User.Seen.class, Seen::new);
    timers.startTimerWithFixedDelay(Tick.KEEP_ALIVE, keepAlive);
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder().onAnyMessage(this::onCommand).build();
  }

  private Behavior<Command> onCommand(Command command) {
    switch (command) {
      case Follow follow -> onFollow(follow);
      case Unfollow unfollow -> onUnfollow(unfollow);
      case Seen seen -> onSeen(seen.seen());
      case Gone gone -> onGone(gone.connection());
      case Tick tick -> followers.keySet().forEach(this::ask);
    }
    return this;
  }

  private void onFollow(Follow follow) {
    Set<String> mine = followed.get(follow.connection());
    if (mine == null) {
      mine = new HashSet<>();
      followed.put(follow.connection(), mine);
      getContext().watchWith(follow.connection(), new Gone(follow.connection()));
    }
    for (String person : follow.persons()) {
      mine.add(person);
      followers.computeIfAbsent(person, each -> new HashSet<>()).add(follow.connection());
      User.Seen known = latest.get(person);
      if (known == null) {
        ask(person);
      } else {
        follow.connection().tell(known);
      }
    }
  }

  private void ask(String person) {
    users.tell(person, new User.Follow(ear));
  }

  private void onUnfollow(Unfollow unfollow) {
    Set<String> mine = followed.getOrDefault(unfollow.connection(), new HashSet<>());
    for (String person : unfollow.persons()) {
      if (mine.remove(person)) {
        drop(person, unfollow.connection());
      }
    }
  }

  private void onGone(ActorRef<User.Seen> connection) {
    Set<String> mine = followed.remove(connection);
    if (mine != null) {
      mine.forEach(person -> drop(person, connection));
    }
  }

  private void drop(String person, ActorRef<User.Seen> connection) {
    Set<ActorRef<User.Seen>> others = followers.get(person);
    if (others != null && others.remove(connection) && others.isEmpty()) {
      followers.remove(person);
      latest.remove(person);
      users.tell(person, new User.Unfollow(ear));
    }
  }

  private void onSeen(User.Seen seen) {
    Set<ActorRef<User.Seen>> interested = followers.get(seen.person());
    if (interested != null && !seen.equals(latest.put(seen.person(), seen))) {
      interested.forEach(connection -> connection.tell(seen));
    }
  }
}
