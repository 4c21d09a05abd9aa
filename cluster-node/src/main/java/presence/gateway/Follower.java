package presence.gateway;

import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;
import presence.protocol.Position;
import presence.world.Place;

/// One client of a [WorldRelay]: what it has been given, and where its own avatar is.
final class Follower {
  private final WorldRelay.Follow asked;
  private long since;
  private boolean served;
  private @Nullable Place place;
  private boolean moved;
  private Plain.@Nullable Cell cell;

  /// @param since when it began to wait for the state
  Follower(WorldRelay.Follow asked, long since) {
    this.asked = asked;
    this.since = since;
  }

  ActorRef<WorldRelay.Delivery> ear() {
    return asked.follower();
  }

  String session() {
    return asked.session();
  }

  long epoch() {
    return asked.epoch();
  }

  Position atLeast() {
    return asked.atLeast();
  }

  @Nullable String ref() {
    return served ? null : asked.ref();
  }

  long since() {
    return since;
  }

  /// Whether it has been given the state.
  boolean isServed() {
    return served;
  }

  void served() {
    served = true;
  }

  void startsAnew(long now) {
    served = false;
    since = now;
  }

  /// Its avatar moves; says whether that is news.
  boolean walks(Place to) {
    if (place != null && !to.isAfter(place)) {
      return false;
    }
    place = to;
    moved = true;
    return true;
  }

  /// The newest place it told of; nothing = it has not moved since it follows.
  @Nullable Place place() {
    return place;
  }

  boolean hasMoved() {
    return served && moved;
  }

  void broughtOn() {
    moved = false;
  }

  /// From which cell it was last shown what is near.
  Plain.@Nullable Cell cell() {
    return cell;
  }

  void sees(Plain.@Nullable Cell from) {
    cell = from;
  }
}
