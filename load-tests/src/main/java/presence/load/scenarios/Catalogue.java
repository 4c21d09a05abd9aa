package presence.load.scenarios;

import java.util.List;

/// All scenarios, in the order in which they play.
public final class Catalogue {
  public static final List<Scenario> ALL =
      List.of(
          new ExactlyOnce(),
          new AbsentMail(),
          new TwoTabs(),
          new LocationChurn(),
          new Flapping(),
          new Reconnects(),
          new Displaced(),
          new NoPong(),
          new SlowReader(),
          new HelloOnly(),
          new NoHello(),
          new Malformed());

  private Catalogue() {}
}
