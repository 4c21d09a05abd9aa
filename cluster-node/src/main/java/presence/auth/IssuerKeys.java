package presence.auth;

import java.security.PublicKey;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The keys an issuer publishes, fetched at the first need and when an unknown one is named, kept
/// in use while the issuer cannot be reached.
///
/// There is at most one fetch at a time; who needs its outcome waits for it, up to a number, and
/// the rest are told to come back. Whoever has a known key never waits.
final class IssuerKeys implements VerificationKeys {
  private static final Logger LOG = LoggerFactory.getLogger(IssuerKeys.class);

  /// Tokens of this many hellos are held at most (8 KiB each) while an endpoint hangs.
  private static final int WAITING_MAX = 1_000;

  private final KeySetSource source;
  private final KeyRefresh refresh;
  private final InstantSource clock;

  private final Object lock = new Object(); // guards the three below; held for no I/O
  private KeyCache cache = KeyCache.EMPTY;
  private @Nullable CompletableFuture<Void> fetching;
  private int waiting;

  IssuerKeys(KeySetSource source, KeyRefresh refresh, InstantSource clock) {
    this.source = source;
    this.refresh = refresh;
    this.clock = clock;
  }

  @Override
  public Set<String> algorithms() {
    return Set.of(
        AlgorithmIdentifiers.RSA_USING_SHA256,
        AlgorithmIdentifiers.ECDSA_USING_P256_CURVE_AND_SHA256,
        AlgorithmIdentifiers.EDDSA);
  }

  @Override
  public CompletionStage<Found> find(String algorithm, @Nullable String keyId) {
    synchronized (lock) {
      Found known = known(algorithm, keyId);
      Instant now = clock.instant();
      if (known instanceof Found.Candidates) {
        if (fetching == null && cache.stale(now, refresh)) {
          var _ = startFetch();
        }
        return CompletableFuture.completedFuture(known);
      }
      if (fetching == null && !cache.mayFetch(now, refresh)) {
        return CompletableFuture.completedFuture(known);
      }
      if (waiting == WAITING_MAX) {
        return CompletableFuture.completedFuture(new Found.Unreachable());
      }
      waiting++;
      CompletableFuture<Void> fetch = fetching == null ? startFetch() : fetching;
      return fetch.thenApply(_ -> knownNow(algorithm, keyId));
    }
  }

  private Found knownNow(String algorithm, @Nullable String keyId) {
    synchronized (lock) {
      return known(algorithm, keyId);
    }
  }

  private Found known(String algorithm, @Nullable String keyId) {
    List<PublicKey> keys = cache.keys().find(algorithm, keyId);
    if (!keys.isEmpty()) {
      return new Found.Candidates(keys);
    }
    return cache.reachable() ? new Found.Unknown() : new Found.Unreachable();
  }

  private CompletableFuture<Void> startFetch() {
    CompletableFuture<Void> fetch = new CompletableFuture<>();
    fetching = fetch;
    var _ =
        source.fetch().thenApply(KeySet::parse).whenComplete((keys, e) -> settle(fetch, keys, e));
    return fetch;
  }

  private void settle(
      CompletableFuture<Void> fetch, @Nullable KeySet keys, @Nullable Throwable failure) {
    Instant now = clock.instant();
    synchronized (lock) {
      boolean wasReachable = cache.reachable();
      cache = keys == null ? cache.failed(now) : cache.fetched(keys, now);
      fetching = null;
      waiting = 0;
      if (keys == null && wasReachable) {
        LOG.warn("Keys of the token issuer at {} cannot be fetched: {}", source, reason(failure));
      } else if (keys != null && !wasReachable) {
        LOG.info("Keys of the token issuer at {} are fetched again", source);
      }
    }
    fetch.complete(null); // outside the lock: runs what waits
  }

  private static String reason(@Nullable Throwable failure) {
    Throwable cause = failure == null || failure.getCause() == null ? failure : failure.getCause();
    return String.valueOf(cause);
  }
}
