package presence.node;

import com.typesafe.config.Config;
import java.util.Arrays;

/// Who goes on when the nodes of a cluster cannot see each other. Nodes of one cluster must agree.
enum SplitBrain {
  /// The side that sees more than half of the nodes.
  KEEP_MAJORITY("keep-majority"),
  /// The side that gets the lease from the Kubernetes API; the larger side asks first.
  LEASE_MAJORITY("lease-majority");

  private static final String KEY = "split-brain";

  private final String strategy;

  SplitBrain(String strategy) {
    this.strategy = strategy;
  }

  /// @throws ConfigurationError if it is not one of these, or there is nobody who grants a lease
  static SplitBrain of(Config presence, Bootstrap bootstrap) {
    var given = presence.getString(KEY);
    var wanted =
        Arrays.stream(values())
            .filter(each -> each.strategy.equals(given))
            .findAny()
            .orElseThrow(() ->
                Settings.error(
                    presence,
                    KEY,
                    "\"%s\" is not valid, write keep-majority or lease-majority".formatted(given)));
    if (wanted == LEASE_MAJORITY && !bootstrap.discovery().equals("kubernetes-api")) {
      throw Settings.error(
          presence,
          KEY,
          "the lease is granted by the Kubernetes API; set"
              + " PRESENCE_BOOTSTRAP_DISCOVERY=kubernetes-api, or write keep-majority");
    }
    return wanted;
  }

  /// The strategy as Pekko calls it.
  String strategy() {
    return strategy;
  }
}
