package presence.load.scenarios;

import java.util.List;

/// All scenarios, in the order in which they play.
public final class Catalogue {
  public static final List<Scenario> ALL =
      List.of(new ExactlyOnce(), new Reconnects(), new NoPong());

  private Catalogue() {}
}
