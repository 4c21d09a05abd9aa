package presence.load;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/// The metrics of a node, as Prometheus reads them.
record MetricsPage(String text) {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  static MetricsPage of(URI node) throws IOException, InterruptedException {
    try (HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      HttpRequest request =
          HttpRequest.newBuilder(node.resolve("/metrics")).timeout(PATIENCE).build();
      return new MetricsPage(http.send(request, BodyHandlers.ofString()).body());
    }
  }

  /// The value of this name with its labels; 0 if the page does not have it.
  double value(String name) {
    String start = name + " ";
    return text.lines()
        .filter(line -> line.startsWith(start))
        .mapToDouble(line -> Double.parseDouble(line.substring(start.length())))
        .findAny()
        .orElse(0);
  }
}
