package presence.load;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import presence.load.Frames.Frame;
import presence.protocol.ClientMessage;
import presence.protocol.Counts;
import presence.protocol.ServerMessage;
import presence.protocol.Setting;

/// One client of a [Swarm] with a session of its own: says hello, joins one instance, follows its
/// stream, and counts what it is sent.
final class Participant implements Swarm.Client {
  /// What becomes of a participant; called on the swarm's thread.
  interface Owner {
    void opened(Participant participant);

    void welcomed(Participant participant);

    /// Its first whole set is there.
    void joined(Participant participant);

    /// It knows more than before of who is there.
    void followed(Participant participant);

    /// It is refused, or its socket is gone.
    void failed(Participant participant, String why);
  }

  private final String instance;
  private final @Nullable String token;
  private final @Nullable String location;
  private final Wording wording;
  private final Voice voice;
  private final Owner owner;
  private final List<ServerMessage> stream = new ArrayList<>();
  private @Nullable Counts counts;
  private boolean pagesMissing;
  private long joinAskedAt;
  private long wholeAt;
  private int frames;
  private long bytes;

  /// @param token of the person; absent for an anonymous session
  /// @param location where the user is; absent = nowhere
  Participant(
      String instance,
      @Nullable String token,
      @Nullable String location,
      Wording wording,
      Owner owner) {
    this.instance = instance;
    this.token = token;
    this.location = location;
    this.wording = wording;
    this.voice = new Voice(wording);
    this.owner = owner;
  }

  void hello() {
    Setting where = location == null ? null : Setting.to(location);
    voice.say(new ClientMessage.Hello(1, token, null, null, where, true, null, null, null));
  }

  void join() {
    joinAskedAt = System.nanoTime();
    voice.say(new ClientMessage.Join(instance, null, null, null));
  }

  @Override
  public void opened(Swarm.Socket opened) {
    voice.has(opened);
    owner.opened(this);
  }

  @Override
  public void received(Frame frame) {
    frames++;
    bytes += frame.bytes();
    wording.read(frame.payload()).forEach(this::on);
  }

  private void on(ServerMessage message) {
    switch (message) {
      case ServerMessage.Welcome welcome -> owner.welcomed(this);
      case ServerMessage.Ping ping -> voice.say(new ClientMessage.Pong(null));
      case ServerMessage.Presence presence -> {
        counts = presence.counts();
        follow(presence, presence.cursor());
      }
      case ServerMessage.Roster page -> follow(page, page.cursor());
      case ServerMessage.Delta delta -> {
        counts = delta.counts();
        stream.add(delta);
        owner.followed(this);
      }
      case ServerMessage.Error error -> owner.failed(this, error.code() + ": " + error.message());
      default -> {}
    }
  }

  /// Takes a part of the set and asks for the next, if there is one.
  private void follow(ServerMessage part, @Nullable String cursor) {
    stream.add(part);
    pagesMissing = cursor != null;
    if (cursor != null) {
      voice.say(new ClientMessage.RosterPage(instance, cursor, null, null));
      return;
    }
    if (wholeAt == 0) {
      wholeAt = System.nanoTime();
      owner.joined(this);
    }
    owner.followed(this);
  }

  @Override
  public void closed(int code) {
    owner.failed(this, "closed " + code);
  }

  String instance() {
    return instance;
  }

  boolean isAnonymous() {
    return token == null;
  }

  boolean isSomewhere() {
    return location != null;
  }

  /// Whether it holds a whole set with this many sessions.
  boolean sees(int sessions) {
    return counts != null && counts.sessions() == sessions && !pagesMissing;
  }

  /// How many sessions there are, as it was told last.
  int sessions() {
    return counts == null ? 0 : counts.sessions();
  }

  /// What it was told of the instance, in order.
  List<ServerMessage> stream() {
    return stream;
  }

  /// From asking to join until the whole set was there.
  long waitedNanos() {
    return wholeAt - joinAskedAt;
  }

  int frames() {
    return frames;
  }

  long bytes() {
    return bytes;
  }
}
