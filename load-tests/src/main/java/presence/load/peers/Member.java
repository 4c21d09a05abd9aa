package presence.load.peers;

import java.util.BitSet;
import org.jspecify.annotations.Nullable;
import presence.load.Frames.Frame;
import presence.load.Swarm;

/// One client in a room: knows who is there as far as it was told, and which messages came. On the
/// thread of its swarm.
final class Member implements Swarm.Client, Line {
  /// Where it is noticed what becomes of members.
  interface Owner {
    void opened(Member member);

    void heard(Member member, Heard heard);

    void closed(Member member, int code);
  }

  private final int person;
  private final Tongue tongue;
  private final Owner owner;
  private final BitSet people = new BitSet();
  private final BitSet messages = new BitSet();
  private Swarm.@Nullable Socket socket;
  private boolean inside;
  private boolean settled;
  private int changes;
  private long frames;
  private long bytes;

  Member(int person, Tongue tongue, Owner owner) {
    this.person = person;
    this.tongue = tongue;
    this.owner = owner;
  }

  void greet() {
    tongue.greet(this);
  }

  /// Joins the room, or leaves it.
  void turn() {
    inside = !inside;
    if (inside) {
      tongue.join(this);
    } else {
      tongue.leave(this);
    }
  }

  void say(int message) {
    tongue.say(this, Texts.of(message));
  }

  void part() {
    tongue.part(this);
  }

  /// Counts anew from here on.
  void reset() {
    changes = 0;
    frames = 0;
    bytes = 0;
    messages.clear();
  }

  @Override
  public void opened(Swarm.Socket opened) {
    socket = opened;
    owner.opened(this);
  }

  @Override
  public void received(Frame frame) {
    frames++;
    bytes += frame.bytes();
    tongue.read(frame.payload(), this);
  }

  @Override
  public void send(String frame) {
    if (socket != null) {
      socket.send(frame);
    }
  }

  @Override
  public void hear(Heard heard) {
    switch (heard) {
      case Heard.Here here -> {
        people.clear();
        people.or(here.people());
      }
      case Heard.Also also -> people.or(also.people());
      case Heard.Came came -> {
        changes++;
        people.set(came.person());
      }
      case Heard.Left left -> {
        changes++;
        people.clear(left.person());
      }
      case Heard.Parted _ -> hangUp();
      default -> {}
    }
    owner.heard(this, heard);
  }

  private void hangUp() {
    if (socket != null) {
      socket.cut();
    }
  }

  @Override
  public void closed(int code) {
    socket = null;
    owner.closed(this, code);
  }

  /// Notes that a message came; false if it had come before.
  boolean notes(int message) {
    boolean first = !messages.get(message);
    messages.set(message);
    return first;
  }

  /// Whether it knows of exactly these people; `true` if that is not what it was when asked last.
  boolean settles(BitSet truth) {
    boolean before = settled;
    settled = people.equals(truth);
    return settled != before;
  }

  boolean isSettled() {
    return settled;
  }

  boolean isInside() {
    return inside;
  }

  boolean isOpen() {
    return socket != null;
  }

  int person() {
    return person;
  }

  /// People who came or left, as far as it was told.
  int changes() {
    return changes;
  }

  long frames() {
    return frames;
  }

  long bytes() {
    return bytes;
  }
}
