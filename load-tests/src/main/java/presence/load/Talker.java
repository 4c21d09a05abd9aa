package presence.load;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import presence.load.Frames.Frame;
import presence.protocol.ClientMessage;
import presence.protocol.ServerMessage;

/// An honest client of a [Swarm]: joins one instance, says something now and then, and measures how
/// old what the others say is when it comes. On the thread of its swarm.
final class Talker implements Swarm.Client {
  private final String instance;
  private final String token;
  private final String name;
  private final Wording wording;
  private final Voice voice;
  private final Map<String, Long> saidAt;
  private final List<String> failures;
  private final Runnable whenJoined;
  private List<Long> ages = new ArrayList<>();
  private boolean joined;
  private int words;

  /// @param saidAt when each word was said, of all talkers together
  /// @param failures of all, what should not have happened to any
  Talker(
      String instance,
      String token,
      int number,
      Wording wording,
      Map<String, Long> saidAt,
      List<String> failures,
      Runnable whenJoined) {
    this.instance = instance;
    this.token = token;
    this.name = "talker-" + number;
    this.wording = wording;
    this.voice = new Voice(wording);
    this.saidAt = saidAt;
    this.failures = failures;
    this.whenJoined = whenJoined;
  }

  void speak() {
    String word = name + "/" + ++words;
    saidAt.put(word, System.nanoTime());
    voice.say(new ClientMessage.Say(instance, word, word, null));
  }

  /// How old what it heard was, in nanoseconds; it begins anew.
  List<Long> takeAges() {
    List<Long> taken = ages;
    ages = new ArrayList<>();
    return taken;
  }

  @Override
  public void opened(Swarm.Socket opened) {
    voice.has(opened);
    voice.say(new ClientMessage.Hello(1, token, null, null, null, true, null, null, null));
  }

  @Override
  public void received(Frame frame) {
    long now = System.nanoTime();
    ByteBuffer payload = frame.payload();
    wording.readOnce(payload).forEach(message -> on(message, now));
  }

  private void on(ServerMessage message, long now) {
    switch (message) {
      case ServerMessage.Welcome _ -> voice.say(new ClientMessage.Join(instance, null, null, null));
      case ServerMessage.Ping _ -> voice.say(new ClientMessage.Pong(null));
      case ServerMessage.Presence _ -> {
        if (!joined) {
          joined = true;
          whenJoined.run();
        }
      }
      case ServerMessage.Said said -> heard(said.text(), now);
      case ServerMessage.Error error -> failures.add(name + ": " + error.message());
      default -> {}
    }
  }

  private void heard(String word, long now) {
    Long at = saidAt.get(word);
    if (at != null) {
      ages.add(now - at);
    }
  }

  @Override
  public void closed(int code) {
    failures.add(name + " was closed " + code);
  }
}
