package presence.session;

import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import presence.cluster.Door;
import presence.cluster.Formation;
import presence.instance.ChatInstance;
import presence.instance.Pieces;
import presence.user.MailMeter;
import presence.world.World;

/// What a session is given: its limits, the clock, the ways to others, who judges what it says and
/// who measures it.
public record SessionSurroundings(
    SessionLimits limits,
    InstantSource clock,
    Formation formation,
    Pieces pieces,
    Door<ChatInstance.Command> instances,
    Door<World.Command> worlds,
    Doors doors,
    WordFilter filter,
    Meters meters,
    ActorRef<ClusterSharding.ShardCommand> shard) {

  /// Who measures sessions, and the mailboxes of anonymous ones.
  public record Meters(SessionMeter sessions, MailMeter mail) {
    public static final Meters NONE = new Meters(SessionMeter.NONE, MailMeter.NONE);
  }

  /// Which of its instances the user of a session with this profile looks at.
  Set<String> viewing(SessionState.Open state, Profile profile) {
    Set<String> viewing = new LinkedHashSet<>();
    for (String instance : state.joined()) {
      if (sees(profile, instance)) {
        viewing.add(instance);
      }
    }
    return viewing;
  }

  boolean sees(Profile profile, String instance) {
    return profile.visible() && pieces.shows(profile.location(), instance);
  }
}
