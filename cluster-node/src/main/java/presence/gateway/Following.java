package presence.gateway;

import org.jspecify.annotations.Nullable;
import presence.protocol.ClientMessage.RosterMode;
import presence.protocol.Position;

/// The stream of one instance that one client follows: known to its connection, and to the relay
/// that gives it what is next.
final class Following implements Relay.Way {
  private final Topic topic;
  private final @Nullable RosterMode mode;
  private final Position atLeast;
  private final Bypass bypass;
  private volatile boolean over;

  /// How far the client has the stream, as it said, and then as it was handed to its wire, or to
  /// what waits for that.
  private volatile @Nullable Position reached;

  /// @param since how far the client has it
  /// @param atLeast the session's own joining: no cut is older
  Following(
      String instance,
      @Nullable RosterMode mode,
      @Nullable Position since,
      Position atLeast,
      Bypass bypass) {
    this.topic = Topic.instance(instance);
    this.mode = mode;
    this.reached = since;
    this.atLeast = atLeast;
    this.bypass = bypass;
  }

  Topic topic() {
    return topic;
  }

  @Nullable RosterMode mode() {
    return mode;
  }

  Position atLeast() {
    return atLeast;
  }

  @Nullable Position reached() {
    return reached;
  }

  void reaches(Batch batch) {
    Position at = batch.at();
    if (at != null) {
      reached = at;
    }
  }

  /// It is followed no more: when the client is told so, nothing of it comes after that.
  void end() {
    over = true;
  }

  /// For whoever has the wire: the client gets this next, unless the stream is followed no more.
  boolean gets(Batch batch) {
    if (over) {
      return false;
    }
    reaches(batch);
    return true;
  }

  @Override
  public boolean write(Batch batch) {
    return bypass.write(batch, this);
  }

  @Override
  public void tells() {
    bypass.tells();
  }
}
