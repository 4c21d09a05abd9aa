package presence.auth;

import java.util.concurrent.CompletionStage;

/// Where an issuer's key set is fetched from.
@FunctionalInterface
interface KeySetSource {
  /// Asks for the document. Answers or fails in bounded time, never throws, never blocks.
  CompletionStage<String> fetch();
}
