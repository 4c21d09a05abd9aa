package presence.ops;

import static org.apache.pekko.http.javadsl.server.Directives.complete;
import static org.apache.pekko.http.javadsl.server.Directives.concat;
import static org.apache.pekko.http.javadsl.server.Directives.get;
import static org.apache.pekko.http.javadsl.server.Directives.onSuccess;
import static org.apache.pekko.http.javadsl.server.Directives.path;
import static org.apache.pekko.http.javadsl.server.Directives.pathEndOrSingleSlash;
import static org.apache.pekko.http.javadsl.server.Directives.pathPrefix;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.StatusCode;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.server.Route;

/// Whether this node lives, whether it is ready for clients, and what it is.
///
/// | route | 200 means |
/// |---|---|
/// | `/health/live` | the process answers; a supervisor that gets nothing restarts it |
/// | `/health/ready` | every check passes; a load balancer that gets 503 sends clients elsewhere |
/// | `/health` | always: service, version, commit, start |
public final class Health {

  /// A condition of readiness: what the node waits for while `passes` answers false. It must not
  /// block.
  public record Check(String waitsFor, Supplier<CompletionStage<Boolean>> passes) {}

  /// A check that never answers is one that fails: load balancers wait for a second or two.
  private static final long CHECK_SECONDS_MAX = 1;

  private static final JsonMapper JSON = new JsonMapper();

  private final Build build;
  private final Instant startedAt;
  private final Supplier<List<Check>> checks;

  /// The checks are asked for on every request: a node gets more of them while it starts.
  public Health(Build build, Instant startedAt, Supplier<List<Check>> checks) {
    this.build = build;
    this.startedAt = startedAt;
    this.checks = checks;
  }

  /// What the node waits for; empty when it is ready.
  public CompletionStage<List<String>> waitsFor() {
    CompletableFuture<List<String>> none = CompletableFuture.completedFuture(List.of());
    return checks.get().stream()
        .map(Health::failed)
        .reduce(none, (all, one) -> all.thenCombine(one, Health::concatenated));
  }

  public Route routes() {
    return pathPrefix(
        "health",
        () ->
            get(() ->
                concat(
                    pathEndOrSingleSlash(() -> answer(StatusCodes.OK, about())),
                    path("live", () -> answer(StatusCodes.OK, new Live(true))),
                    path("ready", () -> onSuccess(this::waitsFor, Health::readiness)))));
  }

  private record About(String service, String version, String commit, String startedAt) {}

  private record Live(boolean live) {}

  private record Ready(boolean ready, List<String> waitsFor) {}

  private About about() {
    return new About("presence", build.version(), build.commit(), startedAt.toString());
  }

  private static Route readiness(List<String> waitsFor) {
    var ready = waitsFor.isEmpty();
    return answer(
        ready ? StatusCodes.OK : StatusCodes.SERVICE_UNAVAILABLE, new Ready(ready, waitsFor));
  }

  private static CompletableFuture<List<String>> failed(Check check) {
    return CompletableFuture.completedFuture(check)
        .thenCompose(each -> each.passes().get())
        .completeOnTimeout(false, CHECK_SECONDS_MAX, TimeUnit.SECONDS)
        .exceptionally(_ -> false)
        .thenApply(passed -> passed ? List.of() : List.of(check.waitsFor()));
  }

  private static List<String> concatenated(List<String> some, List<String> more) {
    return Stream.concat(some.stream(), more.stream()).toList();
  }

  private static Route answer(StatusCode status, Object body) {
    try {
      return complete(
          status, HttpEntities.create(ContentTypes.APPLICATION_JSON, JSON.writeValueAsBytes(body)));
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }
}
