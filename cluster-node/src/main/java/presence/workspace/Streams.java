package presence.workspace;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.jspecify.annotations.Nullable;
import presence.workspace.WorkspaceCommand.Attach;
import presence.workspace.WorkspaceCommand.Delivery;
import presence.workspace.WorkspaceCommand.Feed;

/// The live streams of a workspace, as far as this incarnation of it knows, each of one claim. A
/// stream is its ref: the end of one that is not known any more is nobody's.
///
/// Whatever a stream is told goes by its node's post, so that what is for all streams of a node
/// crosses the network once, and nothing overtakes anything.
final class Streams {
  private final String workspace;
  private final ActorContext<WorkspaceCommand> context;
  private final Map<ActorRef<Feed>, Attach> holders = new LinkedHashMap<>();

  Streams(String workspace, ActorContext<WorkspaceCommand> context) {
    this.workspace = workspace;
    this.context = context;
  }

  void adopt(Attach attach) {
    if (holders.put(attach.stream(), attach) == null) {
      context.watchWith(attach.stream(), new WorkspaceCommand.StreamGone(attach.stream()));
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
    Attach holder = holders.remove(stream);
    return holder == null ? null : holder.client();
  }

  /// Tells all.
  void tell(Feed feed) {
    Set<ActorRef<Delivery>> posts = new LinkedHashSet<>();
    for (Attach holder : holders.values()) {
      if (holder.post() == null) {
        holder.stream().tell(feed);
      } else {
        posts.add(holder.post());
      }
    }
    posts.forEach(post -> post.tell(new Delivery(workspace, null, feed)));
  }

  /// Tells the one that attaches or attached by this.
  void tell(Attach holder, Feed feed) {
    if (holder.post() == null) {
      holder.stream().tell(feed);
    } else {
      holder.post().tell(new Delivery(workspace, holder.stream(), feed));
    }
  }

  /// Lets those go whose claim is over.
  void keep(Claims claims) {
    List<Attach> over =
        holders.values().stream()
            .filter(each -> !claims.isCurrent(each.client(), each.n()))
            .toList();
    for (Attach holder : over) {
      holders.remove(holder.stream());
      context.unwatch(holder.stream());
      tell(holder, new WorkspaceCommand.Refused(WorkspaceCommand.Refusal.STALE));
    }
  }
}
