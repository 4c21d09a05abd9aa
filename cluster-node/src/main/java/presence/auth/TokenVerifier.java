package presence.auth;

import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import presence.protocol.ErrorCode;

/// Turns a JWT into the person it proves.
@FunctionalInterface
public interface TokenVerifier {

  /// Judges a token. Neither throws nor fails, whatever the token holds; answers in bounded time;
  /// never blocks the caller.
  CompletionStage<Verdict> verify(String jwt);

  /// What a token amounts to.
  sealed interface Verdict {
    /// The token proves this person.
    ///
    /// @param expiresAt from when on the token proves nothing, the allowed clock skew included
    /// @param rights what it allows in which instances, as in a [Grant]; absent = everything
    record Accepted(
        Principal.User principal, Instant expiresAt, @Nullable Map<String, Right> rights)
        implements Verdict {
      /// Allows everything until then.
      public Accepted(Principal.User principal, Instant expiresAt) {
        this(principal, expiresAt, null);
      }

      public Grant grant() {
        return Grant.until(rights, expiresAt);
      }
    }

    /// The token proves nothing now.
    ///
    /// @param code `expired_token` when another token of the issuer would do, `unavailable` when
    ///   this one may do later, otherwise `bad_token`
    /// @param message a sentence for a person, which quotes nothing of the token
    record Refused(ErrorCode code, String message) implements Verdict {}
  }
}
