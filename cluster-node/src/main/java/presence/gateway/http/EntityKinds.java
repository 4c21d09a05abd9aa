package presence.gateway.http;

import java.util.Map;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;
import presence.instance.Instances;
import presence.session.Sessions;
import presence.user.Users;
import presence.workspace.Workspaces;
import presence.world.Worlds;

/// What lives in shards, by the word operators know it by.
public final class EntityKinds {
  public static final Map<String, EntityTypeKey<?>> ALL =
      Map.of(
          "session", Sessions.KEY,
          "instance", Instances.KEY,
          "user", Users.KEY,
          "register", Users.REGISTERS,
          "workspace", Workspaces.KEY,
          "client", Workspaces.CLIENTS,
          "world", Worlds.KEY);

  private EntityKinds() {}
}
