package presence.node;

import com.typesafe.config.Config;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// How nodes prove to each other who they are, both sides, and keep what they say to themselves.
/// Who has no certificate of their authority, or one for another name, is not spoken to.
///
/// @param wanted whether they do; without it, the network between them must be theirs alone
/// @param authority who vouches for all of them
/// @param lookEvery after what time the files are read again
record ClusterTls(
    boolean wanted, String certificate, String key, String authority, Duration lookEvery) {
  private static final String ENGINE = "pekko.remote.artery.ssl.rotating-keys-engine.";
  private static final List<String> FILES =
      List.of("cluster-tls.certificate", "cluster-tls.key", "cluster-tls.authority");

  /// @throws ConfigurationError when some of the three files are named and others are not
  static ClusterTls of(Config presence) {
    long named = FILES.stream().filter(key -> !presence.getString(key).isEmpty()).count();
    for (String key : FILES) {
      if (named > 0 && presence.getString(key).isEmpty()) {
        throw Settings.error(
            presence, key, "is missing; TLS between nodes needs certificate, key and authority");
      }
    }
    return new ClusterTls(
        named > 0,
        presence.getString("cluster-tls.certificate"),
        presence.getString("cluster-tls.key"),
        presence.getString("cluster-tls.authority"),
        presence.getDuration("cluster-tls.look-every"));
  }

  /// Sees that the files can be used.
  ///
  /// @throws ConfigurationError that says which cannot, and why
  void check(Config presence) {
    if (!wanted) {
      return;
    }
    try {
      Pem pem = Pem.read(Path.of(certificate), Path.of(key));
      var _ = Pem.chain(Path.of(authority));
      if (!pem.key().getAlgorithm().equals("RSA")) {
        throw new Pem.Unusable(key + " is no RSA key, and between nodes it must be one");
      }
    } catch (Pem.Unusable e) {
      throw Settings.error(presence, "cluster-tls.certificate", String.valueOf(e.getMessage()));
    }
  }

  /// The settings of Pekko.
  Map<String, Object> pekko() {
    return wanted
        ? Map.of(
            "pekko.remote.artery.transport",
            "tls-tcp",
            "pekko.remote.artery.ssl.ssl-engine-provider",
            "org.apache.pekko.remote.artery.tcp.ssl.RotatingKeysSSLEngineProvider",
            ENGINE + "cert-file",
            certificate,
            ENGINE + "key-file",
            key,
            ENGINE + "ca-cert-file",
            authority,
            ENGINE + "ssl-context-cache-ttl",
            lookEvery)
        : Map.of();
  }
}
