package presence.client;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import presence.protocol.ClientMessage;
import presence.protocol.ClientMessage.RosterMode;
import presence.protocol.ClientMessage.Since;
import presence.protocol.ErrorCode;
import presence.protocol.Position;
import presence.protocol.ServerMessage;
import presence.protocol.View;

/// The instances this client wants to be in, each with the fold of its stream. What the fold asks
/// for is asked here, and asked again when it is refused for now or the socket is lost. Serial.
final class Instances {
  private final Map<String, Place> places = new LinkedHashMap<>();
  private final Set<String> unwanted = new HashSet<>(2); // and may be in the session's list yet
  private final Edge edge;
  private final Requests requests;
  private final PresenceListener listener;
  private final BackOff backOff;
  private final RandomGenerator random;
  private boolean live;

  private static final class Place {
    final String instance;
    @Nullable RosterMode roster;
    Fold fold = Fold.blank();
    Fold.@Nullable Ask asked;
    @Nullable String ref;
    int asks;
    int refusals;
    final List<CompletableFuture<View>> waiting = new ArrayList<>();

    Place(String instance, @Nullable RosterMode roster) {
      this.instance = instance;
      this.roster = roster;
    }
  }

  Instances(
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

  @Nullable View view(String instance) {
    Place place = places.get(instance);
    return place == null ? null : place.fold.view();
  }

  boolean has(String instance) {
    return places.containsKey(instance);
  }

  /// Completes with the first whole view that is as new as the join.
  void join(String instance, @Nullable RosterMode roster, CompletableFuture<View> joined) {
    Place place = places.get(instance);
    boolean asks = place == null || (roster != null && roster != place.roster);
    if (place == null) {
      place = new Place(instance, roster);
      places.put(instance, place);
    }
    place.waiting.add(joined);
    if (asks) {
      place.roster = roster;
      ask(place, new Fold.Ask.Snapshot());
    } else {
      settle(place);
    }
  }

  void leave(String instance) {
    unwanted.add(instance);
    Place place = places.remove(instance);
    if (place != null) {
      fail(place, new PresenceException(ErrorCode.NOT_JOINED, "left", false, 0));
    }
  }

  /// The session is not in it any more.
  void hasLeft(String instance) {
    unwanted.remove(instance);
  }

  /// How far each stream is known, for the hello.
  List<Since> positions() {
    List<Since> positions = new ArrayList<>();
    for (Place place : places.values()) {
      Position at = place.fold.position();
      if (at != null) {
        positions.add(new Since(place.instance, at.epoch(), at.seq(), place.roster));
      }
    }
    return positions;
  }

  void welcomed(ServerMessage.Welcome welcome) {
    live = true;
    List<String> members = welcome.resumed() ? welcome.instances() : List.of();
    unwanted.removeIf(each -> has(each) || !members.contains(each));
    leaveUnwanted();
    for (Place place : List.copyOf(places.values())) {
      if (!welcome.resumed() || !welcome.instances().contains(place.instance)) {
        ask(place, from(place));
      } else {
        settle(place); // what was missed follows, or a snapshot, without being asked for
      }
    }
  }

  /// A leave may not have been said, or not have arrived; a join that was refused because the
  /// session did not answer may have been done later.
  private void leaveUnwanted() {
    for (String instance : unwanted) {
      if (!requests.holds(asked -> isLeaveOf(asked, instance))) {
        edge.say(new ClientMessage.Leave(instance, requests.nextRef()));
      }
    }
  }

  private static boolean isLeaveOf(ClientMessage asked, String instance) {
    return asked instanceof ClientMessage.Leave leave && leave.instance().equals(instance);
  }

  void lost() {
    live = false;
    for (Place place : places.values()) {
      place.ref = null;
      place.asked = null;
      place.fold = place.fold.lost();
    }
  }

  void heard(ServerMessage message) {
    switch (message) {
      case ServerMessage.Presence snapshot -> fold(snapshot.instance(), snapshot);
      case ServerMessage.Delta delta -> fold(delta.instance(), delta);
      case ServerMessage.CountsChange counts -> fold(counts.instance(), counts);
      case ServerMessage.Said said -> fold(said.instance(), said);
      case ServerMessage.Roster page -> fold(page.instance(), page);
      case ServerMessage.Error error -> refused(error);
      default -> {}
    }
  }

  private void fold(String instance, ServerMessage message) {
    Place place = places.get(instance);
    if (place == null) {
      return;
    }
    boolean answer = place.ref != null && place.ref.equals(message.ref());
    if (message instanceof ServerMessage.Roster && !answer) {
      return; // somebody else's page
    }
    if (answer) {
      place.ref = null;
      place.refusals = 0;
    }
    Fold.Step step = place.fold.step(message, answer);
    View before = place.fold.view();
    place.fold = step.fold();
    if (step.ask() != null) {
      ask(place, step.ask());
    }
    View now = place.fold.view();
    if (now != null && (before == null || !now.at().equals(before.at()) || applied(step))) {
      listener.changed(now);
    }
    settle(place);
  }

  private static boolean applied(Fold.Step step) {
    return step.verdict() == Fold.Verdict.APPLIED;
  }

  /// Tells who waits for a view, if it is there.
  private void settle(Place place) {
    View view = place.fold.view();
    if (live && place.ref == null && place.fold.position() != null && view != null) {
      List<CompletableFuture<View>> waiting = List.copyOf(place.waiting);
      place.waiting.clear();
      waiting.forEach(joined -> joined.complete(view));
    }
  }

  /// A refusal is known by its `ref`; one without is of no request: the membership has ended.
  private void refused(ServerMessage.Error error) {
    for (Place place : List.copyOf(places.values())) {
      if (place.ref != null && place.ref.equals(error.ref())) {
        place.ref = null;
        refused(place, error);
      } else if (error.ref() == null && place.instance.equals(error.instance())) {
        place.ref = null;
        place.fold = place.fold.lost();
        place.asked = from(place);
        refused(place, error);
      }
    }
  }

  private void refused(Place place, ServerMessage.Error error) {
    PresenceException why = PresenceException.of(error);
    boolean wasIn = place.fold.view() != null || place.waiting.isEmpty();
    boolean isPage = place.asked instanceof Fold.Ask.Page;
    if (error.code() == ErrorCode.CONFLICT && isPage) {
      place.fold = place.fold.lost();
      ask(place, new Fold.Ask.Snapshot());
    } else if (isPage && error.retryable()) {
      askLater(place, why); // it is in, and waits for the rest of the view
    } else if (wasIn && error.retryable()) {
      fail(place, why);
      askLater(place, why);
    } else {
      places.remove(place.instance);
      unwanted.add(place.instance);
      fail(place, why);
      if (wasIn) {
        listener.left(place.instance, why);
      }
    }
  }

  private void askLater(Place place, PresenceException why) {
    int asks = place.asks;
    long delay = why.retryAfterMs() + backOff.delayMs(place.refusals++, random);
    edge.after(delay, () -> askAgain(place, asks));
  }

  private void askAgain(Place place, int asks) {
    Fold.Ask asked = place.asked;
    if (places.get(place.instance) == place && place.asks == asks && asked != null) {
      ask(place, asked);
    }
  }

  private static Fold.Ask from(Place place) {
    Position at = place.fold.position();
    return at == null ? new Fold.Ask.Snapshot() : new Fold.Ask.CatchUp(at);
  }

  private void ask(Place place, Fold.Ask ask) {
    if (!live) {
      return; // the welcome asks
    }
    String ref = requests.nextRef();
    place.asks++;
    place.asked = ask;
    place.ref = ref;
    edge.say(
        switch (ask) {
          case Fold.Ask.Snapshot() -> join(place, null, ref);
          case Fold.Ask.CatchUp(Position since) -> join(place, since, ref);
          case Fold.Ask.Page(String cursor) ->
              new ClientMessage.RosterPage(place.instance, cursor, null, ref);
        });
  }

  private static ClientMessage join(Place place, @Nullable Position since, String ref) {
    return new ClientMessage.Join(place.instance, place.roster, since, ref);
  }

  /// Nothing comes any more.
  void fail(PresenceException why) {
    List.copyOf(places.values()).forEach(place -> fail(place, why));
  }

  private static void fail(Place place, PresenceException why) {
    List<CompletableFuture<View>> waiting = List.copyOf(place.waiting);
    place.waiting.clear();
    waiting.forEach(joined -> joined.completeExceptionally(why));
  }
}
