package presence.gateway;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
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
/// avatar is kept. If the client is too slow even for the rest, that is dropped, and it is given
/// the state anew when there is room.
final class WorldStreams {
  private static final int REFUSED_MAX = 64; // of pieces whose moves were refused once already

  private static final class Stay {
    private final Map<String, Step> late = new LinkedHashMap<>(0);
    private @Nullable String self;
    private boolean doubted;
  }

  private record Entering(String piece, ClientMessage.@Nullable Stride first) {}

  private final ActorRef<WorldRelays.Command> relays;
  private final Line line;
  private final Codec codec;
  private final Hold hold;
  private final MoveSink sink;
  private final ActorRef<WorldRelay.Delivery> ear;
  private final Map<String, Stay> stays = new HashMap<>(2);
  private final Map<Long, Entering> entering = new HashMap<>(2);
  private final Set<String> refused = new LinkedHashSet<>(0);

  WorldStreams(Surroundings around, Line line, Hold hold, ActorRef<WorldRelay.Delivery> ear) {
    this.relays = around.worlds();
    this.codec = around.codec();
    this.sink = around.ways().to(hold.session(), hold.epoch());
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
    follow(enter.piece(), at == null ? new Position(0, 0) : at, order.ref());
    if (asked != null && asked.first() != null) {
      move(asked.first());
    }
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
        line.stream(Topic.world(piece), List.of(state.state()), true);
      }
      case WorldRelay.Changes changes -> {
        handOver(piece, stay);
        line.stream(Topic.world(piece), changes.messages(), false);
      }
      case WorldRelay.Moved moved -> onMoved(piece, stay, moved.moves());
      case WorldRelay.Unavailable unavailable -> onUnavailable(unavailable);
    }
  }

  private void onMoved(String piece, Stay stay, List<Moves> moves) {
    if (sink.take(piece, moves)) {
      moves.forEach(each -> each.steps().forEach(step -> stay.late.remove(step.id())));
    } else if (line.isEmpty() && stay.late.isEmpty()) {
      line.stream(Topic.world(piece), moves.stream().map(Moves::message).toList(), false);
    } else {
      for (Moves each : moves) {
        for (Step step : each.steps()) {
          stay.late.remove(step.id());
          stay.late.put(step.id(), step);
        }
      }
    }
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
      Encoded moved = Encoded.of(codec, new ServerMessage.Moved(piece, newest));
      line.stream(Topic.world(piece), List.of(moved), false);
    }
  }

  /// The relay gave up waiting for the world. Who asked is told; who is in it goes on waiting.
  private void onUnavailable(WorldRelay.Unavailable unavailable) {
    if (unavailable.ref() != null) {
      line.refuse(ErrorCode.UNAVAILABLE, "the world does not answer", unavailable.ref());
    }
    follow(unavailable.piece(), new Position(0, 0), null);
  }

  /// Gives the client the state anew, now that there is room.
  void resync(String piece) {
    tell(piece, new WorldRelay.Resync(ear));
  }

  private void tell(String piece, WorldRelay.Command command) {
    relays.tell(new WorldRelays.To(piece, command));
  }
}
