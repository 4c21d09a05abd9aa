package presence.gateway;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;
import presence.protocol.ClientMessage;
import presence.protocol.Codec;
import presence.protocol.ErrorCode;
import presence.protocol.Position;
import presence.protocol.ServerMessage;
import presence.protocol.Step;
import presence.session.Action;
import presence.session.Notice;

/// The worlds that one client is in: its own moves on their way there, and what goes on there on
/// its way to the client.
///
/// Moves never wait in a row for a slow client: while anything else does, only the newest of each
/// avatar is kept. What went another way than the socket, where it may be lost, is said on the
/// socket too once its avatar rests. If the client is too slow even for the rest, that is dropped,
/// and it is given the state anew when there is room.
final class WorldStreams {
  private static final int REFUSED_MAX = 64; // of pieces whose moves were refused once already

  private static final class Stay {
    private final Map<String, Step> late = new LinkedHashMap<>(0);
    private final Resting resting = new Resting();
    private @Nullable String self;
    private boolean doubted;
  }

  private record Entering(String piece, ClientMessage.@Nullable Stride first) {}

  private final ActorRef<WorldRelays.Command> relays;
  private final Line line;
  private final Codec codec;
  private final Hold hold;
  private final MoveSink sink;
  private final InstantSource clock;
  private final long restMs;
  private final GatewayMeter meter;
  private final ActorRef<WorldRelay.Delivery> ear;
  private final Map<String, Stay> stays = new HashMap<>(2);
  private final Map<Long, Entering> entering = new HashMap<>(2);
  private final Set<String> refused = new LinkedHashSet<>(0);

  /// @param sink the other way to the client, for moves
  WorldStreams(
      Surroundings around, Line line, Hold hold, MoveSink sink, ActorRef<WorldRelay.Delivery> ear) {
    this.relays = around.worlds();
    this.codec = around.codec();
    this.clock = around.clock();
    this.restMs = around.limits().rest().toMillis();
    this.meter = around.meter();
    this.sink = sink;
    this.line = line;
    this.hold = hold;
    this.ear = ear;
  }

  /// The session is in these worlds already.
  void resume(Map<String, Position> worlds) {
    worlds.forEach((piece, at) -> follow(piece, at, null));
  }

  /// An entering is on its way to the session, as the order of this number.
  void entering(long order, String piece) {
    entering.put(order, new Entering(piece, null));
  }

  /// The session is in the world.
  void entered(HeldOrders.Held order, Action.Enter enter, @Nullable Position at) {
    Entering asked = entering.remove(order.number());
    follow(enter.piece(), at == null ? Position.NOWHERE : at, order.ref());
    if (asked != null && asked.first() != null) {
      move(asked.first());
    }
  }

  boolean isIn(String piece) {
    return stays.containsKey(piece);
  }

  void refused(HeldOrders.Held order) {
    entering.remove(order.number());
  }

  private void follow(String piece, Position atLeast, @Nullable String ref) {
    stays.put(piece, new Stay());
    refused.remove(piece);
    tell(piece, new WorldRelay.Follow(ear, hold.session(), hold.epoch(), atLeast, ref));
  }

  void leave(String piece) {
    stays.remove(piece);
    line.leave(Topic.world(piece));
    tell(piece, new WorldRelay.Unfollow(ear));
  }

  /// The session is out of a world, not by its own will; told until the client must have heard.
  void parted(Notice.Parted parted) {
    Stay stay = stays.get(parted.piece());
    if (stay != null) {
      String id = stay.self == null ? parted.id() : stay.self;
      leave(parted.piece());
      line.answer(new ServerMessage.Exited(parted.piece(), id == null ? "" : id, parted.why()));
    }
  }

  /// The session says that it is in these worlds and no others. What became of those it is not in
  /// any more was lost on the way: most likely another session has the avatar. It must say so
  /// twice, for its word may have been older than the entering.
  ///
  /// @param undecided whether the client has asked to enter or leave a world and has no answer
  /// @return whether it must be asked once more
  boolean areOnly(List<String> worlds, Predicate<String> undecided) {
    boolean doubts = false;
    for (Map.Entry<String, Stay> each : List.copyOf(stays.entrySet())) {
      String piece = each.getKey();
      Stay stay = each.getValue();
      boolean missing = !worlds.contains(piece) && !undecided.test(piece);
      if (missing && stay.doubted) {
        parted(new Notice.Parted(piece, null, ServerMessage.Parting.TAKEN_OVER));
      } else {
        doubts |= missing;
        stay.doubted = missing;
      }
    }
    return doubts;
  }

  /// The client's avatar moves. Who is not in the world is told so once.
  void move(ClientMessage.Stride stride) {
    String piece = stride.piece();
    if (stays.containsKey(piece)) {
      relays.tell(
          new WorldRelays.Move(piece, hold.session(), hold.epoch(), stride.pos(), stride.seq()));
      if (stride.ref() != null) {
        line.answer(new ServerMessage.Ok(stride.ref()));
      }
    } else if (!isEntering(stride) && refused.add(piece)) {
      line.refuse(ErrorCode.NOT_JOINED, "not in the world " + piece, stride.ref());
      if (refused.size() > REFUSED_MAX) {
        refused.remove(refused.iterator().next());
      }
    }
  }

  /// What moves right behind its own entering waits for it.
  private boolean isEntering(ClientMessage.Stride stride) {
    for (Map.Entry<Long, Entering> each : entering.entrySet()) {
      if (each.getValue().piece().equals(stride.piece())) {
        each.setValue(new Entering(stride.piece(), stride));
        return true;
      }
    }
    return false;
  }

  void onDelivery(WorldRelay.Delivery delivery) {
    String piece = delivery.piece();
    Stay stay = stays.get(piece);
    if (stay == null) {
      return;
    }
    switch (delivery) {
      case WorldRelay.State state -> {
        stay.self = state.self();
        stay.late.clear();
        stay.resting.forgetAll();
        line.stream(Topic.world(piece), new Batch(List.of(state.state())), true);
      }
      case WorldRelay.Changes changes -> {
        handOver(piece, stay);
        stay.resting.forget(changes.placed());
        line.stream(Topic.world(piece), new Batch(changes.messages()), false);
      }
      case WorldRelay.Moved moved -> onMoved(piece, stay, moved.moves());
      case WorldRelay.Unavailable unavailable -> onUnavailable(unavailable);
    }
  }

  private void onMoved(String piece, Stay stay, List<Moves> moves) {
    int count = moves.stream().mapToInt(each -> each.steps().size()).sum();
    if (sink.take(piece, moves)) {
      for (Moves each : moves) {
        each.steps().forEach(step -> stay.late.remove(step.id()));
        stay.resting.told(each.steps(), clock.millis());
      }
      meter.toldByDatagrams(count);
      return;
    }
    moves.forEach(each -> stay.resting.replaced(each.steps()));
    if (line.isEmpty() && stay.late.isEmpty()) {
      say(piece, count, moves.stream().map(Moves::message).toList());
    } else {
      moves.forEach(each -> keep(stay, each.steps()));
    }
  }

  private static void keep(Stay stay, List<Step> steps) {
    for (Step step : steps) {
      stay.late.remove(step.id());
      stay.late.put(step.id(), step);
    }
  }

  /// Whoever has rested for a while is told of once more by the socket, with what else waits.
  void repeatResting() {
    long restingSince = clock.millis() - restMs;
    stays.values().forEach(stay -> keep(stay, stay.resting.takeOlderThan(restingSince)));
  }

  /// How long until the next is to be repeated; nothing while there is none.
  Optional<Duration> untilRest() {
    return stays.values().stream()
        .flatMapToLong(stay -> stay.resting.oldest().stream())
        .min()
        .stream()
        .mapToObj(oldest -> Duration.ofMillis(Math.max(1, oldest + restMs - clock.millis())))
        .findAny();
  }

  /// Whether moves wait.
  boolean isLate() {
    for (Stay stay : stays.values()) {
      if (!stay.late.isEmpty()) {
        return true;
      }
    }
    return false;
  }

  /// Hands over the moves that wait, if nothing else does.
  void handOver() {
    if (line.isEmpty()) {
      stays.forEach(this::handOver);
    }
  }

  private void handOver(String piece, Stay stay) {
    if (!stay.late.isEmpty()) {
      List<Step> newest = new ArrayList<>(stay.late.values());
      stay.late.clear();
      say(piece, newest.size(), List.of(Encoded.of(codec, new ServerMessage.Moved(piece, newest))));
    }
  }

  private void say(String piece, int moves, List<Encoded> messages) {
    Batch batch = new Batch(messages);
    meter.toldBySocket(moves, batch.bytes());
    line.stream(Topic.world(piece), batch, false);
  }

  /// The relay gave up waiting for the world. Who asked is told; who is in it goes on waiting.
  private void onUnavailable(WorldRelay.Unavailable unavailable) {
    if (unavailable.ref() != null) {
      line.refuse(ErrorCode.UNAVAILABLE, "the world does not answer", unavailable.ref());
    }
    follow(unavailable.piece(), Position.NOWHERE, null);
  }

  /// Gives the client the state anew, now that there is room.
  ///
  /// @param ref of the request that is answered by that
  void resync(String piece, @Nullable String ref) {
    tell(piece, new WorldRelay.Resync(ear, ref));
  }

  private void tell(String piece, WorldRelay.Command command) {
    relays.tell(new WorldRelays.To(piece, command));
  }
}
