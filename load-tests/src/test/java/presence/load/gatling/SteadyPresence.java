package presence.load.gatling;

/// Users come, become members of an instance and are there.
public final class SteadyPresence extends Load {
  public SteadyPresence() {
    super("one", 500, false);
    play(
        client.comes().exec(client.joins()).exec(client.stays(time)).exec(client.goes()),
        comingInTurn(),
        "join");
  }
}
