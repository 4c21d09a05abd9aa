package presence.load;

import java.util.List;
import org.jspecify.annotations.Nullable;
import presence.load.Frames.Frame;
import presence.protocol.ClientMessage;
import presence.protocol.Counts;
import presence.protocol.Member;
import presence.protocol.ServerMessage;

/// One client of a [Swarm] that goes where it is sent: it follows one instance, comes back with its
/// resume token when its socket is closed, and counts what it is told of others.
public final class Nomad implements Swarm.Client {
  /// What becomes of a nomad; called on the swarm's thread.
  public interface Owner {
    void opened(Nomad nomad);

    void welcomed(Nomad nomad);

    void followed(Nomad nomad);

    /// Its socket is closed, or could not be opened; it may come back after this time.
    void homeless(Nomad nomad, int code, long afterMs);

    void failed(Nomad nomad, String why);

    /// Whatever it is told, before it follows it.
    default void heard(Nomad nomad, ServerMessage message) {}
  }

  private final String instance;
  private final String token;
  private final Wording wording;
  private final Voice voice;
  private final Owner owner;
  private @Nullable String resume;
  private @Nullable Counts counts;
  private String person = "";
  private long epoch;
  private long seq;
  private long comeBackAfterMs;
  private long homelessSince;
  private long awayNanos;
  private int home;
  private boolean resumed;
  private int changes;

  /// @param home the number of the node it goes to first
  public Nomad(String instance, String token, int home, Wording wording, Owner owner) {
    this.instance = instance;
    this.token = token;
    this.home = home;
    this.wording = wording;
    this.voice = new Voice(wording);
    this.owner = owner;
  }

  public void hello() {
    ClientMessage.Resume back =
        resume == null
            ? null
            : new ClientMessage.Resume(
                resume, List.of(new ClientMessage.Since(instance, epoch, seq, null)));
    voice.say(new ClientMessage.Hello(1, token, null, back, null, true, null, null, null));
  }

  public void join() {
    voice.say(new ClientMessage.Join(instance, null, null, null));
  }

  /// Loses its socket as if the network had.
  public void cut() {
    voice.breaksOff();
  }

  /// Is a member no longer.
  public void leave() {
    voice.say(new ClientMessage.Leave(instance, null));
  }

  /// Ends its session.
  public void bye() {
    voice.say(new ClientMessage.Bye(null));
  }

  @Override
  public void opened(Swarm.Socket opened) {
    voice.has(opened);
    owner.opened(this);
  }

  @Override
  public void received(Frame frame) {
    wording.read(frame.payload()).forEach(this::on);
  }

  private void on(ServerMessage message) {
    owner.heard(this, message);
    switch (message) {
      case ServerMessage.Welcome welcome -> onWelcome(welcome);
      case ServerMessage.Ping _ -> voice.say(new ClientMessage.Pong(null));
      case ServerMessage.Presence presence -> {
        counts = presence.counts();
        count(presence.seq());
        follow(presence.epoch(), presence.seq());
      }
      case ServerMessage.Delta delta -> {
        counts = delta.counts();
        count(delta.seq());
        follow(delta.epoch(), delta.seq());
      }
      case ServerMessage.Closing closing -> comeBackAfterMs = closing.reconnectAfterMs();
      case ServerMessage.Error error when !error.retryable() ->
          owner.failed(this, error.code() + ": " + error.message());
      default -> {}
    }
  }

  private void onWelcome(ServerMessage.Welcome welcome) {
    if (resume != null) {
      awayNanos = System.nanoTime() - homelessSince;
      resumed = welcome.resumed();
    }
    resume = welcome.resume();
    Member user = welcome.user();
    person = user == null ? "" : user.id();
    owner.welcomed(this);
  }

  /// Who comes back is told where the stream is; that is no change if it is where it was.
  private void count(long newSeq) {
    changes += newSeq > seq ? 1 : 0;
  }

  private void follow(long newEpoch, long newSeq) {
    epoch = newEpoch;
    seq = newSeq;
    owner.followed(this);
  }

  @Override
  public void closed(int code) {
    if (voice.isHeard()) {
      voice.loses();
      homelessSince = System.nanoTime();
    }
    owner.homeless(this, code, comeBackAfterMs);
  }

  public String instance() {
    return instance;
  }

  /// The id of its person, as others see it.
  public String person() {
    return person;
  }

  public int home() {
    return home;
  }

  public void movesTo(int node) {
    home = node;
  }

  public boolean isAtHome() {
    return voice.isHeard();
  }

  /// Whether its session went on where it came back.
  public boolean isResumed() {
    return resumed;
  }

  /// From the loss of its socket until its session went on.
  long awayNanos() {
    return awayNanos;
  }

  public boolean sees(long sessions) {
    return counts != null && counts.sessions() == sessions;
  }

  /// What it was told of others since it was asked last.
  public int takeChanges() {
    int taken = changes;
    changes = 0;
    return taken;
  }
}
