package presence.session;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import org.jspecify.annotations.Nullable;
import presence.auth.Grant;
import presence.auth.Principal;
import presence.cluster.Remote;
import presence.protocol.ErrorCode;
import presence.session.Notice.AttachRefused;

/// By what right a connection wants a session.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "is")
@JsonSubTypes({
  @JsonSubTypes.Type(name = "new", value = Opening.Fresh.class),
  @JsonSubTypes.Type(name = "key", value = Opening.ByKey.class),
  @JsonSubTypes.Type(name = "token", value = Opening.ByToken.class),
})
public sealed interface Opening extends Remote {
  /// A session nobody had before.
  ///
  /// @param grant what the proof allows; absent when an older node says so
  record Fresh(Principal principal, @Nullable Grant grant) implements Opening {
    public Fresh(Principal principal) {
      this(principal, null);
    }
  }

  /// The session of a proven key: the one it has, or else a new one.
  record ByKey(Principal principal) implements Opening {}

  /// The session of who holds a resume token.
  ///
  /// @param presented the token's hash
  /// @param proof who was proven beside it, if anybody was
  /// @param grant what that proof allows
  record ByToken(String presented, @Nullable Principal proof, @Nullable Grant grant)
      implements Opening {
    public ByToken(String presented, @Nullable Principal proof) {
      this(presented, proof, null);
    }
  }

  /// The token's session is over, or never was.
  AttachRefused EXPIRED =
      new AttachRefused(ErrorCode.RESUME_EXPIRED, "the resume token selects no session");

  /// Whose session it would be if there is none yet; nothing = then there is none to have.
  default @Nullable Principal opens() {
    return switch (this) {
      case Fresh fresh -> fresh.principal();
      case ByKey key -> key.principal();
      case ByToken token -> null;
    };
  }

  /// What the proof of this opening allows; absent = it proves nothing anew.
  default @Nullable Grant allows() {
    return switch (this) {
      case Fresh fresh -> fresh.grant();
      case ByKey key -> null;
      case ByToken token -> token.grant();
    };
  }

  /// Why the connection may not have this session; nothing = it may.
  default @Nullable AttachRefused refusal(SessionState.Open session) {
    return switch (this) {
      case Fresh fresh ->
          new AttachRefused(ErrorCode.CONFLICT, "a session of this id exists already");
      case ByKey key ->
          key.principal().sameIdentity(session.principal())
              ? null
              : new AttachRefused(ErrorCode.FORBIDDEN, "the session belongs to somebody else");
      case ByToken token ->
          !session.tokens().accepts(token.presented())
              ? EXPIRED
              : token.proof() == null || token.proof().sameIdentity(session.principal())
                  ? null
                  : new AttachRefused(
                      ErrorCode.FORBIDDEN, "the resume token belongs to somebody else");
    };
  }

  /// The hash of the token that was presented, if one was.
  @JsonIgnore
  default @Nullable String presentedHash() {
    return this instanceof ByToken token ? token.presented() : null;
  }
}
