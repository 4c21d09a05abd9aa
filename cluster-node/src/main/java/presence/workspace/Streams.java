package presence.workspace;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.jspecify.annotations.Nullable;
import presence.workspace.WorkspaceCommand.Feed;

/// The live streams of a workspace, as far as this incarnation of it knows, each of one claim. A
/// stream is its ref: the end of one that is not known any more is nobody's.
final class Streams {
  private record Holder(String client, long n) {}

  private final ActorContext<WorkspaceCommand> context;
  private final Map<ActorRef<Feed>, Holder> holders = new LinkedHashMap<>();

  Streams(ActorContext<WorkspaceCommand> context) {
    this.context = context;
  }

  void adopt(ActorRef<Feed> stream, String client, long n) {
    if (holders.put(stream, new Holder(client, n)) == null) {
      context.watchWith(stream, new WorkspaceCommand.StreamGone(stream));
    }
  }

  boolean has(ActorRef<Feed> stream) {
    return holders.containsKey(stream);
  }

  /// How many the client has.
  long of(String client) {
    return holders.values().stream().filter(each -> each.client().equals(client)).count();
  }

  boolean isEmpty() {
    return holders.isEmpty();
  }

  /// Forgets one that ended; returns whose it was, if it was known.
  @Nullable String gone(ActorRef<Feed> stream) {
    Holder holder = holders.remove(stream);
    return holder == null ? null : holder.client();
  }

  /// Tells all.
  void tell(Feed feed) {
    holders.keySet().forEach(stream -> stream.tell(feed));
  }

  /// Lets those go whose claim is over.
  void keep(Claims claims) {
    List<ActorRef<Feed>> over =
        holders.entrySet().stream()
            .filter(each -> !claims.isCurrent(each.getValue().client(), each.getValue().n()))
            .map(Map.Entry::getKey)
            .toList();
    for (ActorRef<Feed> stream : over) {
      holders.remove(stream);
      context.unwatch(stream);
      stream.tell(new WorkspaceCommand.Refused(WorkspaceCommand.Refusal.STALE));
    }
  }
}
