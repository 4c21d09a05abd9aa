package presence.client;

import java.util.List;
import org.jspecify.annotations.Nullable;
import presence.protocol.ClientMessage;
import presence.protocol.ClientMessage.Hello;
import presence.protocol.ClientMessage.Resume;
import presence.protocol.ClientMessage.Since;
import presence.protocol.ServerMessage.Challenge;
import presence.protocol.Setting;

/// What a client says of itself in every hello: who it proves to be, which session it comes back
/// to, where it is. All of it is said every time, because the session may turn out to be a new one.
/// Serial.
final class Self {
  private final @Nullable String device;
  private final @Nullable Setting displayName;
  private Proof proof;
  private @Nullable String token;
  private @Nullable String resume;
  private @Nullable Setting location;
  private @Nullable Boolean visible;

  Self(ClientOptions options) {
    device = options.device();
    displayName = options.displayName();
    proof = options.proof();
    resume = options.resume();
    location = options.location();
    visible = options.visible();
  }

  /// The source of the token that is still to be fetched, if one is.
  Proof.@Nullable Token unfetched() {
    return token == null && proof instanceof Proof.Token wanted ? wanted : null;
  }

  /// How it proves itself, if by a token.
  Proof.@Nullable Token token() {
    return proof instanceof Proof.Token wanted ? wanted : null;
  }

  void fetched(String fetched) {
    token = fetched;
  }

  void tokenExpired() {
    token = null;
  }

  void becomes(Proof.Token as, String fetched) {
    proof = as;
    token = fetched;
  }

  void comesBackWith(@Nullable String resumeToken) {
    resume = resumeToken;
  }

  /// What is null stays as it was.
  void isAt(@Nullable Setting slug, @Nullable Boolean inForeground) {
    location = slug == null ? location : slug;
    visible = inForeground == null ? visible : inForeground;
  }

  Hello hello(List<Since> positions) {
    return hello(positions, null);
  }

  /// The hello that answers a challenge; null when this client has no key to be challenged for.
  @Nullable Hello answer(Challenge challenge, List<Since> positions) {
    return proof instanceof Proof.Key(SigningKey key, _)
        ? hello(positions, key.answer(challenge.nonce()))
        : null;
  }

  private Hello hello(List<Since> positions, @Nullable String signature) {
    return new Hello(
        1,
        proof instanceof Proof.Token ? token : null,
        proof instanceof Proof.Key(SigningKey key, var attestation)
            ? new ClientMessage.Key(key.publicKey(), signature, attestation)
            : null,
        resume == null ? null : new Resume(resume, positions),
        location,
        visible,
        device,
        displayName,
        null);
  }
}
