package presence.simulation.whole;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import presence.protocol.Avatar;
import presence.protocol.ClientMessage;
import presence.protocol.Json;
import presence.protocol.ServerMessage;
import presence.protocol.ServerMessage.Parting;
import presence.protocol.Spot;

/// The worlds of one client, as well behaved ones have them: it enters again what a welcome does
/// not name, and folds what it is told strictly.
final class Wanderer {
  private static final Json LOOK = new Json("{}");

  private static final class Sight {
    private final Map<String, Avatar> others = new HashMap<>();
    private @Nullable String self;
  }

  private final Set<String> wanted = new LinkedHashSet<>();
  private final Set<String> uncertain = new HashSet<>();
  private final Map<String, Sight> sights = new HashMap<>();
  private final Map<String, String> asked = new HashMap<>();
  private long seq;

  boolean wants(String piece) {
    return wanted.contains(piece);
  }

  /// Whether an order about this world was given up without an answer.
  boolean isUncertain(String piece) {
    return uncertain.contains(piece);
  }

  Set<String> wanted() {
    return wanted;
  }

  ClientMessage enter(String piece, String ref) {
    wanted.add(piece);
    asked.put(ref, piece);
    return new ClientMessage.Enter(piece, LOOK, new Spot(0, 0, null), ref);
  }

  ClientMessage exit(String piece, String ref) {
    wanted.remove(piece);
    asked.put(ref, piece);
    return new ClientMessage.Exit(piece, ref);
  }

  ClientMessage walk(String piece) {
    seq++;
    return new ClientMessage.Stride(piece, new Spot(seq % 700, seq, null), seq, null);
  }

  /// Whom it sees, but for itself; nothing = it has not been given the state.
  @Nullable Map<String, Avatar> others(String piece) {
    Sight sight = sights.get(piece);
    return sight == null || sight.self == null ? null : sight.others;
  }

  /// The socket is another: the state comes anew.
  void welcomed() {
    sights.clear();
  }

  /// Whether this was about a world.
  boolean hears(ServerMessage message) {
    switch (message) {
      case ServerMessage.WorldState state -> {
        Sight sight = sights.computeIfAbsent(state.piece(), _ -> new Sight());
        sight.self = state.self();
        sight.others.clear();
        state.avatars().forEach(each -> sight.others.put(each.id(), each));
      }
      case ServerMessage.Entered in -> onEntered(in);
      case ServerMessage.Exited out -> onExited(out);
      case ServerMessage.Ghosted ghost -> shade(ghost.piece(), ghost.id(), true, null);
      case ServerMessage.Returned back -> shade(back.piece(), back.id(), false, back.pos());
      case ServerMessage.Moved moved -> onMoved(moved);
      case ServerMessage.Error error when error.ref() != null && asked.containsKey(error.ref()) ->
          uncertain.add(String.valueOf(asked.get(error.ref())));
      default -> {
        return false;
      }
    }
    return true;
  }

  private void onEntered(ServerMessage.Entered in) {
    Sight sight = sights.get(in.piece());
    if (sight != null && !in.id().equals(sight.self)) {
      Avatar avatar = new Avatar(in.id(), in.handle(), in.avatar(), in.pos(), false);
      assertThat(sight.others.put(in.id(), avatar)).as("%s was there", in.id()).isNull();
    }
  }

  /// Before the state has come nothing is told of others.
  private void onExited(ServerMessage.Exited out) {
    Sight sight = sights.get(out.piece());
    boolean own = sight == null || out.id().equals(sight.self);
    if (own && (out.reason() == Parting.TAKEN_OVER || out.reason() == Parting.GONE)) {
      wanted.remove(out.piece());
      sights.remove(out.piece());
    } else if (sight != null && !own) {
      assertThat(sight.others.remove(out.id())).as("%s leaves", out.id()).isNotNull();
    }
  }

  private void shade(String piece, String id, boolean ghost, @Nullable Spot back) {
    Sight sight = sights.get(piece);
    if (sight != null && !id.equals(sight.self)) {
      Avatar was = sight.others.get(id);
      assertThat(was).as("ghost or return of %s, who is not there", id).isNotNull();
      if (was != null) {
        assertThat(was.ghost()).as("ghost and return of %s alternate", id).isEqualTo(!ghost);
        Spot spot = back == null ? was.pos() : back;
        sight.others.put(id, new Avatar(id, was.handle(), was.avatar(), spot, ghost));
      }
    }
  }

  private void onMoved(ServerMessage.Moved moved) {
    Sight sight = sights.get(moved.piece());
    if (sight != null) {
      moved
          .moves()
          .forEach(step ->
              sight.others.computeIfPresent(
                  step.id(),
                  (id, was) ->
                      new Avatar(id, was.handle(), was.avatar(), step.pos(), was.ghost())));
    }
  }
}
