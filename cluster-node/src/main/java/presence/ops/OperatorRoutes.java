package presence.ops;

import static org.apache.pekko.http.javadsl.server.Directives.completeWithFuture;
import static org.apache.pekko.http.javadsl.server.Directives.concat;
import static org.apache.pekko.http.javadsl.server.Directives.get;
import static org.apache.pekko.http.javadsl.server.Directives.path;
import static org.apache.pekko.http.javadsl.server.Directives.post;
import static org.apache.pekko.http.javadsl.server.PathMatchers.segment;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.actor.typed.receptionist.Receptionist;
import org.apache.pekko.cluster.ClusterEvent.CurrentClusterState;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.server.Route;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import presence.gateway.http.Operators;
import presence.gateway.http.Reply;
import presence.protocol.ErrorCode;
import presence.protocol.InvalidMessage;

/// What operators see of all nodes, and may do to one. What is done is in the log `presence.audit`.
///
/// | route | |
/// |---|---|
/// | `GET /v1/admin/overview` | every member of the cluster, and what its node says of itself |
/// | `POST /v1/admin/nodes/{node}/drain` | the node sends its clients away, hands its shards over and stops |
public final class OperatorRoutes {
  private static final Logger audit = LoggerFactory.getLogger("presence.audit");

  /// A page asks every few seconds; a node that needs longer is shown as silent.
  private static final Duration ANSWERS_WITHIN = Duration.ofSeconds(2);

  /// A member of the cluster.
  ///
  /// @param status as the cluster knows it: up, leaving, and so on
  /// @param report absent = the node did not answer
  @JsonInclude(JsonInclude.Include.NON_NULL)
  private record Node(String node, String status, boolean reachable, @Nullable NodeReport report) {}

  private record Overview(String answeredBy, List<Node> nodes) {}

  private final ActorSystem<?> system;
  private final Optional<String> token;

  /// @param token what operators show; absent = there are no operators
  public OperatorRoutes(ActorSystem<?> system, Optional<String> token) {
    this.system = system;
    this.token = token;
  }

  public Route route() {
    return Operators.only(
        token,
        () ->
            concat(
                path("overview", () -> get(() -> completeWithFuture(overview()))),
                path(
                    segment("nodes").slash(segment()).slash("drain"),
                    node -> post(() -> completeWithFuture(drain(node))))));
  }

  private CompletionStage<HttpResponse> overview() {
    return observers()
        .thenCompose(all -> together(all.stream().map(this::report)))
        .thenApply(reports -> {
          Map<String, NodeReport> byNode =
              reports.stream()
                  .flatMap(Optional::stream)
                  .collect(Collectors.toMap(NodeReport::node, Function.identity(), (a, b) -> b));
          return Reply.json(StatusCodes.OK, new Overview(self(), nodes(byNode)));
        });
  }

  private CompletionStage<Optional<NodeReport>> report(ActorRef<Observer.Command> observer) {
    return AskPattern.<Observer.Command, NodeReport>ask(
            observer, Observer.Describe::new, ANSWERS_WITHIN, system.scheduler())
        .thenApply(Optional::of)
        .exceptionally(silent -> Optional.empty());
  }

  private static <T> CompletionStage<List<T>> together(Stream<CompletionStage<T>> answers) {
    CompletionStage<List<T>> none = CompletableFuture.completedFuture(List.of());
    return answers.reduce(
        none,
        (all, one) ->
            all.thenCombine(
                one,
                (some, next) -> {
                  List<T> more = new ArrayList<>(some);
                  more.add(next);
                  return more;
                }),
        (a, b) -> a);
  }

  private List<Node> nodes(Map<String, NodeReport> reports) {
    CurrentClusterState state = Cluster.get(system).state();
    Set<Member> unreachable = state.getUnreachable();
    List<Node> nodes = new ArrayList<>();
    for (Member member : state.getMembers()) {
      String node = Observer.addressOf(member.address());
      nodes.add(
          new Node(
              node,
              member.status().toString().toLowerCase(Locale.ROOT),
              !unreachable.contains(member),
              reports.get(node)));
    }
    nodes.sort(Comparator.comparing(Node::node));
    return nodes;
  }

  private CompletionStage<HttpResponse> drain(String node) {
    return observers()
        .thenCompose(all ->
            all.stream()
                .filter(each -> isOn(each, node))
                .findAny()
                .map(observer ->
                    AskPattern.<Observer.Command, Observer.Leaving>ask(
                        observer, Observer.Leave::new, ANSWERS_WITHIN, system.scheduler()))
                .orElseThrow(() ->
                    new InvalidMessage(ErrorCode.NOT_FOUND, "there is no such node just now")))
        .thenApply(done -> {
          audit.info("An operator drained node {}", node);
          return Reply.nothing();
        });
  }

  private boolean isOn(ActorRef<Observer.Command> observer, String node) {
    var address = observer.path().address();
    return (address.hasLocalScope() ? self() : Observer.addressOf(address)).equals(node);
  }

  private String self() {
    return Observer.addressOf(Cluster.get(system).selfMember().address());
  }

  private CompletionStage<Set<ActorRef<Observer.Command>>> observers() {
    return AskPattern.<Receptionist.Command, Receptionist.Listing>ask(
            system.receptionist(),
            replyTo -> Receptionist.find(Observer.KEY, replyTo),
            ANSWERS_WITHIN,
            system.scheduler())
        .thenApply(listing -> listing.getServiceInstances(Observer.KEY));
  }
}
