package presence.gateway;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;
import presence.world.Place;
import presence.world.Stride;

/// Who follows one world on this node. Part of [WorldRelay].
final class Audience {
  private final Map<ActorRef<WorldRelay.Delivery>, Follower> followers = new LinkedHashMap<>();
  private final Map<String, Follower> bySession = new HashMap<>();

  void add(Follower follower) {
    followers.put(follower.ear(), follower);
    bySession.put(follower.session(), follower);
  }

  /// Says whether it followed.
  boolean remove(ActorRef<WorldRelay.Delivery> ear) {
    Follower follower = followers.remove(ear);
    if (follower != null) {
      bySession.remove(follower.session(), follower);
    }
    return follower != null;
  }

  boolean isEmpty() {
    return followers.isEmpty();
  }

  @Nullable Follower of(ActorRef<WorldRelay.Delivery> ear) {
    return followers.get(ear);
  }

  /// The connection that has the session under this epoch.
  @Nullable Follower of(String session, long epoch) {
    Follower follower = bySession.get(session);
    return follower != null && follower.epoch() == epoch ? follower : null;
  }

  /// Those who have been given the state.
  List<Follower> served() {
    return followers.values().stream().filter(Follower::isServed).toList();
  }

  /// Those who have not.
  List<Follower> waiting() {
    return followers.values().stream().filter(each -> !each.isServed()).toList();
  }

  /// What the relay knew is lost: everybody waits again.
  void startAnew(long now) {
    followers.values().forEach(each -> each.startsAnew(now));
  }

  /// Where the avatars are that moved since the last call.
  List<Stride> takeStrides(Crowd crowd) {
    List<Stride> strides = new ArrayList<>();
    for (Follower follower : followers.values()) {
      if (follower.hasMoved() && addStride(follower, crowd, strides)) {
        follower.broughtOn();
      }
    }
    return strides;
  }

  /// Where all avatars are that moved since they follow.
  List<Stride> allStrides(Crowd crowd) {
    List<Stride> strides = new ArrayList<>();
    for (Follower follower : followers.values()) {
      if (follower.isServed()) {
        addStride(follower, crowd, strides);
      }
    }
    return strides;
  }

  private static boolean addStride(Follower follower, Crowd crowd, List<Stride> strides) {
    Place place = follower.place();
    if (place == null) {
      return false;
    }
    return crowd
        .of(follower.session())
        .map(own -> strides.add(new Stride(follower.session(), own.entered(), place)))
        .orElse(false);
  }
}
