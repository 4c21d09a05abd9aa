package presence.simulation;

import org.jspecify.annotations.Nullable;

/// What messages travel to: an actor, or an entity wherever it is by then.
interface Destination {

  /// Where it is now; null if nowhere.
  @Nullable Host host();

  /// A message arrived.
  void accept(Object message);
}
