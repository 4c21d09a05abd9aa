package presence.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Reads the metrics of a node that drains, as Prometheus does: over the connection it has had from
/// before, until the node cuts it.
final class DrainGauge {
  private static final Duration EVERY = Duration.ofMillis(250);
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final String DRAINING = "presence_draining";
  private static final String SENT_AWAY = "presence_closes_total{code=\"1012\"}";
  private static final String LEFT = "presence_connections";

  private record Sample(long at, double draining, double sentAway, double left) {}

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final HttpRequest metrics;
  private final List<Sample> before = new ArrayList<>();
  private final FutureTask<List<Sample>> samples = new FutureTask<>(this::readAll);

  private DrainGauge(URI node) {
    this.metrics = HttpRequest.newBuilder(node.resolve("/metrics")).timeout(PATIENCE).build();
  }

  /// Reads until the node is gone.
  static DrainGauge read(URI node) throws InterruptedException {
    DrainGauge gauge = new DrainGauge(node);
    try {
      gauge.before.add(gauge.sample());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().name("drain-gauge").start(gauge.samples);
    return gauge;
  }

  private List<Sample> readAll() throws InterruptedException {
    List<Sample> read = new ArrayList<>(before);
    try {
      while (true) {
        read.add(sample());
        Thread.sleep(EVERY);
      }
    } catch (IOException gone) {
      return read;
    }
  }

  private Sample sample() throws IOException, InterruptedException {
    String page = http.send(metrics, BodyHandlers.ofString()).body();
    MetricsPage read = new MetricsPage(page);
    return new Sample(
        System.nanoTime(), read.value(DRAINING), read.value(SENT_AWAY), read.value(LEFT));
  }

  /// That the drain was to be seen, and its pace.
  void print(Report report, int clients) throws InterruptedException {
    try {
      List<Sample> all = samples.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      Sample last = all.getLast();
      report.check(
          last.draining() == 1 && last.sentAway() == clients && last.left() == 0,
          "its metrics show the drain to its end",
          "%,.0f sent away in the last of %d samples; %s"
              .formatted(last.sentAway(), all.size(), pace(all)));
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String pace(List<Sample> all) {
    double most = 0;
    for (int i = 1; i < all.size(); i++) {
      Sample before = all.get(i - 1);
      Sample after = all.get(i);
      double seconds = (after.at() - before.at()) / 1e9;
      most = Math.max(most, (after.sentAway() - before.sentAway()) / seconds);
    }
    return "at most %,.0f a second".formatted(most);
  }
}
