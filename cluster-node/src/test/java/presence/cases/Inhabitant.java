package presence.cases;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import presence.client.WorldView;
import presence.protocol.Avatar;
import presence.protocol.ClientMessage;
import presence.protocol.Json;
import presence.protocol.ServerMessage;
import presence.protocol.Spot;
import presence.protocol.Step;

/// A client in a world, and what it is told of the others there.
final class Inhabitant {
  static final Json LOOK = new Json("{\"color\":\"#2a6\"}");

  private final TestClient client;
  private final String piece;
  private int since;

  private Inhabitant(TestClient client, String piece) {
    this.client = client;
    this.piece = piece;
  }

  /// The client connects if need be, and is in the world when this returns.
  static Inhabitant of(TestClient client, String piece, double x, double y) {
    Inhabitant one = new Inhabitant(client, piece);
    client.connects();
    one.enters(LOOK, x, y);
    return one;
  }

  WorldView enters(Json look, double x, double y) {
    since = client.transcript().end();
    return client.get(client.client().joinWorld(piece, look, new Spot(x, y, null)));
  }

  TestClient client() {
    return client;
  }

  /// The id of its avatar.
  String id() {
    return view().self();
  }

  WorldView view() {
    return now().orElseThrow(() -> new AssertionError(client.id() + " is not in " + piece));
  }

  private Optional<WorldView> now() {
    return client.get(client.client().world(piece));
  }

  boolean isIn() {
    return now().isPresent();
  }

  void moves(double x, double y) {
    client.client().move(piece, new Spot(x, y, null));
  }

  /// Says what it says in the form of a request; returns the answer.
  ServerMessage emits(String name, @Nullable Json data) {
    return client.get(asksToEmit(name, data));
  }

  CompletableFuture<ServerMessage> asksToEmit(String name, @Nullable Json data) {
    return client.client().request(ref -> new ClientMessage.Emit(piece, name, data, ref));
  }

  /// Waits until it has been told this of an avatar.
  void sees(String what, String id) {
    sees(what, id, Transcript.PATIENCE);
  }

  void sees(String what, String id, Duration patience) {
    var _ =
        client
            .transcript()
            .await(
                since,
                patience,
                what + " of " + id,
                heard -> {
                  List<String> told = new ArrayList<>();
                  note(told, heard.message(), id);
                  return told.contains(what) ? true : null;
                });
  }

  /// Waits until it sees an avatar at a place.
  void seesAt(String id, double x, double y) {
    Spot spot = new Spot(x, y, null);
    var _ =
        client
            .transcript()
            .await(
                since,
                id + " at " + spot,
                heard ->
                    heard.message() instanceof ServerMessage.Moved moved
                            && moved.piece().equals(piece)
                            && moved.moves().stream()
                                .anyMatch(step -> step.id().equals(id) && step.pos().equals(spot))
                        ? true
                        : null);
  }

  /// What it has been told of an avatar since it entered, but for moves, in order.
  List<String> toldOf(String id) {
    List<String> told = new ArrayList<>();
    client.transcript().since(since).forEach(heard -> note(told, heard.message(), id));
    return told;
  }

  private void note(List<String> told, ServerMessage message, String id) {
    switch (message) {
      case ServerMessage.Entered in when isHere(in.piece(), in.id(), id) -> told.add("joined");
      case ServerMessage.Exited out when isHere(out.piece(), out.id(), id) ->
          told.add("left: " + out.reason().word());
      case ServerMessage.Ghosted ghost when isHere(ghost.piece(), ghost.id(), id) ->
          told.add("ghost");
      case ServerMessage.Returned back when isHere(back.piece(), back.id(), id) ->
          told.add("returned");
      default -> {}
    }
  }

  private boolean isHere(String where, String who, String id) {
    return where.equals(piece) && who.equals(id);
  }

  /// The numbers of the moves it has been told of an avatar, in order.
  List<Long> movesOf(String id) {
    return client.transcript().since(since).stream()
        .map(Transcript.Heard::message)
        .filter(ServerMessage.Moved.class::isInstance)
        .map(ServerMessage.Moved.class::cast)
        .filter(moved -> moved.piece().equals(piece))
        .flatMap(moved -> moved.moves().stream())
        .filter(step -> step.id().equals(id))
        .map(Step::seq)
        .toList();
  }

  /// What the others told it, in order.
  List<String> emitted() {
    return client.transcript().since(since).stream()
        .map(Transcript.Heard::message)
        .filter(ServerMessage.Emitted.class::isInstance)
        .map(ServerMessage.Emitted.class::cast)
        .filter(each -> each.piece().equals(piece))
        .map(each -> each.id() + " " + each.name() + " " + text(each.data()))
        .toList();
  }

  private static String text(@Nullable Json data) {
    return data == null ? "" : data.text();
  }

  void hears(String emitted) {
    var _ =
        client.transcript().await(since, emitted, _ -> emitted().contains(emitted) ? true : null);
  }

  /// Where it sees another.
  Spot spotOf(String id) {
    Avatar avatar = view().others().get(id);
    assertThat(avatar).as("%s, as %s sees it", id, client.id()).isNotNull();
    return Objects.requireNonNull(avatar).pos();
  }
}
