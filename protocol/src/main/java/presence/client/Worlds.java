package presence.client;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import presence.protocol.Avatar;
import presence.protocol.ClientMessage;
import presence.protocol.ErrorCode;
import presence.protocol.Json;
import presence.protocol.ServerMessage;
import presence.protocol.ServerMessage.Parting;
import presence.protocol.Spot;
import presence.protocol.Step;

/// The worlds this client wants to be in, on one socket after the other: where it is in each, and
/// who else. Serial.
final class Worlds {
  private static final class Abode {
    private final String piece;
    private final Json avatar;
    private final List<CompletableFuture<WorldView>> waiting = new ArrayList<>();
    private final Map<String, Avatar> others = new LinkedHashMap<>();
    private final Newest newest = new Newest();
    private Spot spot;
    private boolean walked; // since it asked to be let in
    private @Nullable String self;
    private @Nullable String ref;
    private int asks;
    private int refusals;

    private Abode(String piece, Json avatar, Spot spot) {
      this.piece = piece;
      this.avatar = avatar;
      this.spot = spot;
    }
  }

  private final Edge edge;
  private final Requests requests;
  private final PresenceListener listener;
  private final BackOff backOff;
  private final RandomGenerator random;
  private final Map<String, Abode> abodes = new LinkedHashMap<>();
  private boolean live;
  private long steps;

  Worlds(
      Edge edge,
      Requests requests,
      PresenceListener listener,
      BackOff backOff,
      RandomGenerator random) {
    this.edge = edge;
    this.requests = requests;
    this.listener = listener;
    this.backOff = backOff;
    this.random = random;
  }

  boolean has(String piece) {
    return abodes.containsKey(piece);
  }

  /// Completes with the state of the world once it has been entered.
  void enter(String piece, Json avatar, Spot spot, CompletableFuture<WorldView> entered) {
    Abode before = abodes.remove(piece);
    Abode abode = new Abode(piece, avatar, spot);
    if (before != null) {
      abode.waiting.addAll(before.waiting);
    }
    abode.waiting.add(entered);
    abodes.put(piece, abode);
    ask(abode);
  }

  void exit(String piece) {
    Abode abode = abodes.remove(piece);
    if (abode != null) {
      fail(abode, new PresenceException(ErrorCode.NOT_JOINED, "left", false, 0));
    }
  }

  /// Numbered in one row for all worlds, sockets and datagrams, so that a number never comes again.
  void move(String piece, Spot spot) {
    Abode abode = abodes.get(piece);
    if (abode != null) {
      abode.spot = spot;
      abode.walked = true;
    }
    if (live) {
      edge.move(new ClientMessage.Stride(piece, spot, ++steps, null));
    }
  }

  /// A move that came to rest in a world that was left since is none.
  void moveBySocket(ClientMessage.Stride move) {
    if (live && abodes.containsKey(move.piece())) {
      edge.say(move);
    }
  }

  /// Says it now or never.
  void emit(String piece, String name, @Nullable Json data) {
    if (live) {
      edge.say(new ClientMessage.Emit(piece, name, data, null));
    }
  }

  @Nullable WorldView view(String piece) {
    Abode abode = abodes.get(piece);
    return abode == null || abode.self == null
        ? null
        : new WorldView(piece, abode.self, abode.others);
  }

  void welcomed(ServerMessage.Welcome welcome) {
    live = true;
    List<String> entered = welcome.resumed() ? welcome.worlds() : List.of();
    for (String piece : entered) {
      if (!has(piece) && !requests.holds(asked -> isExitOf(asked, piece))) {
        edge.say(new ClientMessage.Exit(piece, null));
      }
    }
    for (Abode abode : abodes.values()) {
      if (!entered.contains(abode.piece) || !abode.waiting.isEmpty()) {
        ask(abode);
      } else if (abode.walked) { // the last steps may not have come through
        edge.say(new ClientMessage.Stride(abode.piece, abode.spot, ++steps, null));
      }
    }
  }

  private static boolean isExitOf(ClientMessage asked, String piece) {
    return asked instanceof ClientMessage.Exit exit && exit.piece().equals(piece);
  }

  void lost() {
    live = false;
    abodes.values().forEach(abode -> abode.ref = null);
  }

  private void ask(Abode abode) {
    if (live) {
      abode.ref = requests.nextRef();
      abode.asks++;
      abode.walked = false;
      edge.say(new ClientMessage.Enter(abode.piece, abode.avatar, abode.spot, abode.ref));
    }
  }

  /// What is news in this, whichever way it came.
  ServerMessage.Moved newest(ServerMessage.Moved moved, boolean byDatagram) {
    Abode abode = abodes.get(moved.piece());
    if (abode == null) {
      return byDatagram ? new ServerMessage.Moved(moved.piece(), List.of()) : moved;
    }
    long now = edge.now();
    List<Step> news =
        moved.moves().stream()
            .filter(step -> !byDatagram || abode.others.containsKey(step.id()))
            .filter(step -> abode.newest.takes(step.id(), step.seq(), byDatagram, now))
            .toList();
    return new ServerMessage.Moved(moved.piece(), news);
  }

  void heard(ServerMessage message) {
    switch (message) {
      case ServerMessage.WorldState state -> onState(state);
      case ServerMessage.Entered in ->
          show(in.piece(), new Avatar(in.id(), in.handle(), in.avatar(), in.pos(), false));
      case ServerMessage.Exited out -> onExited(out);
      case ServerMessage.Ghosted ghost ->
          change(ghost.piece(), ghost.id(), was -> with(was, was.pos(), true));
      case ServerMessage.Returned back ->
          stand(back.piece(), back.id(), was -> with(was, back.pos(), false));
      case ServerMessage.Moved moved -> {
        for (Step step : moved.moves()) {
          change(moved.piece(), step.id(), was -> with(was, step.pos(), was.ghost()));
        }
      }
      case ServerMessage.Error error -> refused(error);
      default -> {}
    }
  }

  private static Avatar with(Avatar was, Spot pos, boolean ghost) {
    return new Avatar(was.id(), was.handle(), was.avatar(), pos, ghost);
  }

  private void onState(ServerMessage.WorldState state) {
    Abode abode = abodes.get(state.piece());
    if (abode == null) {
      return;
    }
    abode.self = state.self();
    abode.newest.forgetAll();
    abode.others.clear();
    state.avatars().forEach(each -> abode.others.put(each.id(), each));
    if (abode.ref == null || abode.ref.equals(state.ref())) {
      abode.ref = null;
      abode.refusals = 0;
      WorldView view = new WorldView(abode.piece, state.self(), abode.others);
      List<CompletableFuture<WorldView>> waiting = List.copyOf(abode.waiting);
      abode.waiting.clear();
      waiting.forEach(entered -> entered.complete(view));
    }
  }

  private void show(String piece, Avatar avatar) {
    Abode abode = abodes.get(piece);
    if (abode != null && !avatar.id().equals(abode.self)) {
      abode.newest.forget(avatar.id());
      abode.others.put(avatar.id(), avatar);
    }
  }

  /// It is told where the avatar stands, whatever moves came before.
  private void stand(String piece, String id, UnaryOperator<Avatar> how) {
    Abode abode = abodes.get(piece);
    if (abode != null) {
      abode.newest.forget(id);
    }
    change(piece, id, how);
  }

  private void change(String piece, String id, UnaryOperator<Avatar> how) {
    Abode abode = abodes.get(piece);
    if (abode != null) {
      abode.others.computeIfPresent(id, (_, was) -> how.apply(was));
    }
  }

  /// A ghost that was let go enters again; who was taken over, or not admitted, stays out.
  private void onExited(ServerMessage.Exited out) {
    Abode abode = abodes.get(out.piece());
    if (abode == null) {
      return;
    }
    boolean own = out.id().isEmpty() || out.id().equals(abode.self);
    if (!own) {
      abode.newest.forget(out.id());
      abode.others.remove(out.id());
    } else if (out.reason() == Parting.GONE) {
      ask(abode);
    } else if (out.reason() == Parting.TAKEN_OVER || out.reason() == Parting.FULL) {
      abodes.remove(abode.piece);
      fail(abode, new PresenceException(ErrorCode.CONFLICT, out.reason().word(), false, 0));
      listener.outOf(abode.piece, out.reason());
    }
  }

  private void refused(ServerMessage.Error error) {
    for (Abode abode : List.copyOf(abodes.values())) {
      if (abode.ref != null && abode.ref.equals(error.ref())) {
        abode.ref = null;
        refused(abode, error);
      }
    }
  }

  /// Who was in once comes in again, as soon as it is possible.
  private void refused(Abode abode, ServerMessage.Error error) {
    PresenceException why = PresenceException.of(error);
    boolean wasIn = abode.self != null || abode.waiting.isEmpty();
    if (wasIn && error.retryable()) {
      int asks = abode.asks;
      long delay = why.retryAfterMs() + backOff.delayMs(abode.refusals++, random);
      edge.after(
          delay,
          () -> {
            if (abodes.get(abode.piece) == abode && abode.asks == asks) {
              ask(abode);
            }
          });
    } else {
      abodes.remove(abode.piece);
      if (wasIn) {
        listener.outOf(abode.piece, ServerMessage.Parting.GONE);
      }
    }
    fail(abode, why);
  }

  /// Nothing comes any more.
  void fail(PresenceException why) {
    abodes.values().forEach(abode -> fail(abode, why));
  }

  private static void fail(Abode abode, PresenceException why) {
    List<CompletableFuture<WorldView>> waiting = List.copyOf(abode.waiting);
    abode.waiting.clear();
    waiting.forEach(entered -> entered.completeExceptionally(why));
  }
}
