package presence.load.across;

import org.jspecify.annotations.Nullable;
import presence.protocol.ServerMessage;
import presence.protocol.View;

/// What one member sees of its instance: how often who is there changed, by whatever it is told.
final class Onlooker {
  private @Nullable View view;
  private int events;

  void hear(ServerMessage message) {
    View before = view;
    switch (message) {
      case ServerMessage.Presence snapshot -> sees(View.of(snapshot));
      case ServerMessage.Delta delta when before != null && !isKnown(before, delta) ->
          follow(before, delta);
      default -> {}
    }
  }

  private static boolean isKnown(View view, ServerMessage.Delta delta) {
    return delta.epoch() == view.at().epoch() && delta.seq() <= view.at().seq();
  }

  /// A stream with a gap might hide anything.
  private void follow(View before, ServerMessage.Delta delta) {
    try {
      sees(before.apply(delta));
    } catch (View.Gap e) {
      System.out.println(e.getMessage());
      events++;
    }
  }

  private void sees(View now) {
    View before = view;
    boolean same =
        before != null
            && before.online().equals(now.online())
            && before.here().equals(now.here())
            && before.counts().equals(now.counts());
    events += same ? 0 : 1;
    view = now;
  }

  /// What it saw since it was asked last.
  int takeEvents() {
    int taken = events;
    events = 0;
    return taken;
  }
}
