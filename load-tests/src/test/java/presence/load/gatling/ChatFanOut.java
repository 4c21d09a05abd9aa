package presence.load.gatling;

/// Every member says a word a second, which goes to all members of its instance.
public final class ChatFanOut extends Load {
  public ChatFanOut() {
    super("one", 100, false);
    play(
        client
            .comes()
            .exec(client.joins())
            .exec(client.with(Client.BEAT, time, client.talks()))
            .exec(Client.heardOthers())
            .exec(client.goes()),
        comingInTurn(),
        "hears others");
  }
}
