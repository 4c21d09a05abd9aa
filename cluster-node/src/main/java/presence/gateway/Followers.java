package presence.gateway;

import java.util.Collection;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;
import presence.instance.Change;
import presence.protocol.ClientMessage.RosterMode;

/// Who follows one instance on this node, and how.
final class Followers {
  /// To how many the relay writes in its own turn. The others of a large room are told, and written
  /// to by other threads meanwhile.
  static final int WRITTEN_MAX = 1_000;

  private record Follower(
      ActorRef<Relay.Delivery> ear,
      @Nullable String session,
      RosterMode mode,
      Relay.@Nullable Way way) {

    /// Gives what follows what was given before.
    void give(Relay.Stream next) {
      if (way == null || !way.write(next.batch())) {
        tell(next);
      }
    }

    void tell(Relay.Stream stream) {
      if (way != null) {
        way.tells();
      }
      ear.tell(stream);
    }
  }

  private final String instance;
  private final Map<ActorRef<Relay.Delivery>, Follower> followers = new LinkedHashMap<>();

  Followers(String instance) {
    this.instance = instance;
  }

  void add(Relay.Follow asked, RosterMode mode, Relay.Stream first) {
    Follower follower = new Follower(asked.follower(), asked.session(), mode, asked.way());
    followers.put(asked.follower(), follower);
    follower.tell(first);
  }

  /// Says whether it followed.
  boolean remove(ActorRef<Relay.Delivery> follower) {
    return followers.remove(follower) != null;
  }

  boolean isEmpty() {
    return followers.isEmpty();
  }

  /// The sockets that follow; a spectator is in no count.
  int connections() {
    int connections = 0;
    for (Follower each : followers.values()) {
      connections += each.session() == null ? 0 : 1;
    }
    return connections;
  }

  /// Hands changes to everybody, each kind of copy encoded once; an author gets a copy of their
  /// own.
  void deliver(List<Change> news, Copies copies) {
    Map<RosterMode, Relay.Stream> common = new EnumMap<>(RosterMode.class);
    Set<String> authors = authors(news);
    Function<Follower, Relay.Stream> copy =
        each ->
            each.session() != null && authors.contains(each.session())
                ? stream(copies.changes(news, each.mode(), each.session()))
                : common.computeIfAbsent(
                    each.mode(), mode -> stream(copies.changes(news, mode, null)));
    Collection<Follower> all = followers.values();
    all.stream().skip(WRITTEN_MAX).forEach(each -> each.tell(copy.apply(each)));
    all.stream().limit(WRITTEN_MAX).forEach(each -> each.give(copy.apply(each)));
  }

  /// The sessions that said something.
  private static Set<String> authors(List<Change> news) {
    Set<String> authors = new HashSet<>(0);
    for (Change each : news) {
      if (each instanceof Change.Message message) {
        authors.add(message.session());
      }
    }
    return authors;
  }

  private Relay.Stream stream(List<Encoded> messages) {
    return new Relay.Stream(instance, messages, false);
  }

  /// Begins everybody's stream anew.
  void restart(Replica now, Copies copies) {
    followers.keySet().forEach(each -> restart(each, now, copies, null));
  }

  /// Begins one stream anew, if it is followed.
  ///
  /// @param ref of the request that is answered by that
  void restart(
      ActorRef<Relay.Delivery> follower, Replica now, Copies copies, @Nullable String ref) {
    Follower each = followers.get(follower);
    if (each != null) {
      each.tell(copies.snapshot(now, each.mode(), ref));
    }
  }
}
