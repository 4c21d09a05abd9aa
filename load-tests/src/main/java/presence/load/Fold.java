package presence.load;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import presence.protocol.Member;
import presence.protocol.ServerMessage;
import presence.protocol.ServerMessage.Delta;
import presence.protocol.ServerMessage.Presence;
import presence.protocol.ServerMessage.Roster;
import presence.protocol.View;

/// The set that a stream leads to: a snapshot, the rest of its pages, and every change after it.
final class Fold {
  private final List<Delta> early = new ArrayList<>();
  private @Nullable Presence partial;
  private @Nullable View view;

  private Fold() {}

  /// @throws View.Gap when the stream leaves something out
  /// @throws IllegalStateException when it has no whole set
  static View of(List<ServerMessage> stream) {
    Fold fold = new Fold();
    stream.forEach(fold::add);
    View view = fold.view;
    if (view == null) {
      throw new IllegalStateException("a stream without a whole set");
    }
    return view;
  }

  private void add(ServerMessage message) {
    switch (message) {
      case Presence snapshot -> {
        early.clear();
        begin(snapshot);
      }
      case Roster page -> {
        Presence before = partial;
        if (before != null && before.seq() == page.seq()) {
          begin(joined(before, page));
        }
      }
      case Delta delta -> {
        View now = view;
        if (now == null) {
          early.add(delta);
        } else if (delta.seq() > now.at().seq()) {
          view = now.apply(delta);
        }
      }
      default -> {}
    }
  }

  private void begin(Presence snapshot) {
    partial = snapshot.complete() ? null : snapshot;
    view = snapshot.complete() ? View.of(snapshot) : null;
    if (view != null) {
      List<Delta> waiting = List.copyOf(early);
      early.clear();
      waiting.forEach(this::add);
    }
  }

  private static Presence joined(Presence before, Roster page) {
    List<Member> online = new ArrayList<>(before.online());
    online.addAll(page.members());
    List<String> here = new ArrayList<>(before.here());
    here.addAll(page.here());
    return new Presence(
        before.instance(),
        before.epoch(),
        before.seq(),
        before.roster(),
        online,
        here,
        before.counts(),
        page.cursor() == null,
        page.cursor(),
        null);
  }
}
