package presence.cluster;

import java.util.stream.Stream;
import org.apache.pekko.actor.typed.ActorRef;
import presence.instance.InstanceSamples;
import presence.ops.OpsSamples;
import presence.session.SessionSamples;
import presence.user.UserSamples;
import presence.workspace.WorkspaceSamples;
import presence.world.WorldSamples;

/// A sample of everything that nodes send each other or write down.
final class Samples {
  private Samples() {}

  /// All of them; the samples only carry `ref`.
  static Stream<Remote> all(ActorRef<?> ref) {
    return Stream.of(
            SessionSamples.all(ref),
            InstanceSamples.all(ref),
            UserSamples.all(ref),
            WorkspaceSamples.all(ref),
            OpsSamples.all(ref),
            WorldSamples.all(ref))
        .flatMap(each -> each);
  }
}
