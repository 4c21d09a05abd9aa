package presence.client;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import presence.protocol.ClientMessage.Attestation;

/// Who a client proves to be.
public sealed interface Proof {
  /// Nobody: the session is anonymous.
  record Anonymous() implements Proof {}

  /// Whoever a JWT names. The source is asked before the first socket, and again after the server
  /// said that the token has expired.
  record Token(Supplier<CompletionStage<String>> source) implements Proof {}

  /// The holder of a key, or the parent key that attests it.
  record Key(SigningKey key, @Nullable Attestation attestation) implements Proof {}

  static Proof anonymous() {
    return new Anonymous();
  }

  /// One fixed JWT.
  static Token token(String jwt) {
    return new Token(() -> CompletableFuture.completedFuture(jwt));
  }

  static Proof key(SigningKey key) {
    return new Key(key, null);
  }
}
