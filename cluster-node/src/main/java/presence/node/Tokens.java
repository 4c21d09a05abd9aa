package presence.node;

import java.net.http.HttpClient;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorSystem;
import presence.auth.DevTokens;
import presence.auth.JwksEndpoint;
import presence.auth.JwtSecret;
import presence.auth.JwtVerifier;
import presence.auth.KeyRefresh;
import presence.auth.TokenVerifier;
import presence.cluster.ClusterSecrets;

/// The tokens of a node: which it believes, and whether it issues some itself.
///
/// @param development absent unless the node is open and can verify what it issues
record Tokens(TokenVerifier verifier, Optional<DevTokens> development) {

  /// An issuer's keys, else the configured secret, else (the node is open) the cluster's own.
  static Tokens of(
      Access access, ClusterSecrets secrets, InstantSource clock, ActorSystem<?> system) {
    if (access.jwksUrl().isPresent()) {
      var http = HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NEVER).build();
      system.classicSystem().registerOnTermination(http::shutdownNow);
      var issuer = new JwksEndpoint(access.jwksUrl().get(), http, JwksEndpoint.TIMEOUT);
      return new Tokens(
          JwtVerifier.ofIssuer(issuer, KeyRefresh.DEFAULT, access.tokenRules(), clock),
          Optional.empty());
    }
    var secret = JwtSecret.of(access.jwtSecret().orElseGet(() -> text(secrets)));
    var development = new DevTokens(secret, access.tokenRules(), DevTokens.LIFETIME, clock);
    return new Tokens(
        JwtVerifier.ofSecret(secret, access.tokenRules(), clock),
        Optional.of(development).filter(_ -> access.open()));
  }

  private static String text(ClusterSecrets secrets) {
    return Base64.getEncoder().encodeToString(secrets.developmentTokens().getEncoded());
  }
}
