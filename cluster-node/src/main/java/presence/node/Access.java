package presence.node;

import com.typesafe.config.Config;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import presence.auth.Right;
import presence.auth.TokenRules;

/// Who may come: how identities are proven, checked for what cannot work.
///
/// @param open whether anonymous sessions and development tokens are accepted
/// @param jwtSecret the shared secret of JSON Web Tokens
/// @param jwksUrl where their public keys are fetched; never together with a secret
/// @param tokenRules what a token must say
/// @param adminToken what opens `/v1/admin`; nothing does without
/// @param nobody what anonymous sessions may do; absent = there are none
public record Access(
    boolean open,
    Optional<String> jwtSecret,
    Optional<URI> jwksUrl,
    TokenRules tokenRules,
    Optional<String> adminToken,
    Optional<Right> nobody) {

  /// RFC 7518, 3.2: a key for HMAC-SHA-256 has at least the size of the hash.
  private static final int SECRET_BYTES_MIN = 32;

  static Access of(Config presence, boolean loopback) {
    var open = open(presence, loopback);
    var access =
        new Access(
            open,
            optional(presence, "jwt.secret"),
            optional(presence, "jwks-url").map(url -> Urls.absolute(presence, "jwks-url", url)),
            tokenRules(presence),
            optional(presence, "admin-token"),
            nobody(presence, open));
    access.check(presence);
    return access;
  }

  private static boolean open(Config presence, boolean loopback) {
    return switch (presence.getString("auth")) {
      case "" -> loopback;
      case "open" -> true;
      case "required" -> false;
      case String other ->
          throw Settings.error(
              presence, "auth", "\"%s\" is not valid, write open or required".formatted(other));
    };
  }

  private static Optional<Right> nobody(Config presence, boolean open) {
    var may = presence.getString("anonymous.may");
    var right =
        Right.of(may)
            .orElseThrow(() ->
                Settings.error(
                    presence,
                    "anonymous.may",
                    "\"%s\" is not valid, write see, join or say".formatted(may)));
    var admitted = presence.getString("anonymous.admitted");
    return switch (admitted) {
      case "" -> Optional.of(right).filter(_ -> open);
      case "yes" -> Optional.of(right);
      case "no" -> Optional.empty();
      default ->
          throw Settings.error(
              presence,
              "anonymous.admitted",
              "\"%s\" is not valid, write yes or no".formatted(admitted));
    };
  }

  private void check(Config presence) {
    if (jwtSecret.isPresent() && jwksUrl.isPresent()) {
      throw Settings.error(
          presence,
          "jwks-url",
          "given together with PRESENCE_JWT_SECRET, so it is unclear who signs tokens; remove one"
              + " of the two");
    }
    if (jwtSecret.filter(Access::tooShort).isPresent()) {
      throw Settings.error(
          presence,
          "jwt.secret",
          "too short, a secret needs at least %d bytes (openssl rand -base64 32)"
              .formatted(SECRET_BYTES_MIN));
    }
    if (!open && jwtSecret.isEmpty() && jwksUrl.isEmpty()) {
      throw Settings.error(
          presence,
          "auth",
          "sessions need a proven identity (\"required\", the default unless PRESENCE_HOST is the"
              + " loopback address), but nothing can prove one; set PRESENCE_JWT_SECRET or"
              + " PRESENCE_JWKS_URL, or PRESENCE_AUTH=open");
    }
  }

  private static boolean tooShort(String secret) {
    return secret.getBytes(StandardCharsets.UTF_8).length < SECRET_BYTES_MIN;
  }

  private static TokenRules tokenRules(Config presence) {
    var claim = presence.getString("jwt.handle-claim");
    if (claim.isBlank()) {
      throw Settings.error(presence, "jwt.handle-claim", "a claim has a name, such as sub");
    }
    try {
      return new TokenRules(
          optional(presence, "jwt.issuer"),
          optional(presence, "jwt.audience"),
          claim,
          presence.getDuration("jwt.skew"));
    } catch (IllegalArgumentException e) {
      throw Settings.error(presence, "jwt.skew", String.valueOf(e.getMessage()));
    }
  }

  private static Optional<String> optional(Config presence, String key) {
    return Optional.of(presence.getString(key)).filter(text -> !text.isEmpty());
  }

  /// Never the secrets.
  @Override
  public String toString() {
    return "Access[%s]".formatted(open ? "open" : "required");
  }
}
