package presence.node;

import com.typesafe.config.Config;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import presence.session.WordFilter;

/// The word filter that the configuration names, kept from doing harm: it may block, fail, answer
/// nonsense or never. It runs on threads of its own, so many at once and not more, and must be done
/// in time. What it fails to judge counts as not judged.
final class Filtering implements WordFilter {
  private static final Logger log = LoggerFactory.getLogger(Filtering.class);

  /// The bounds of a filter; config keys under `presence.filter`.
  ///
  /// @param atOnce judgements that may be under way
  /// @param patience how long one may take
  /// @param codePointsMax of what may be said instead
  record Limits(int atOnce, Duration patience, int codePointsMax) {}

  private final WordFilter inner;
  private final Limits limits;
  private final Executor threads;
  private final Semaphore free;
  private final AtomicBoolean failing = new AtomicBoolean();

  Filtering(WordFilter inner, Limits limits) {
    this.inner = inner;
    this.limits = limits;
    this.threads = each -> Thread.ofVirtual().name("word-filter").start(each);
    this.free = new Semaphore(limits.atOnce());
  }

  /// The filter of this configuration.
  ///
  /// @throws ConfigurationError when it cannot be made
  static WordFilter of(Config presence) {
    String name = presence.getString("filter.class");
    if (name.isEmpty()) {
      return WordFilter.NONE;
    }
    try {
      return new Filtering(
          type(presence, name).getConstructor().newInstance(),
          new Limits(
              presence.getInt("filter.at-once-max"),
              presence.getDuration("filter.patience"),
              presence.getInt("instance.text-code-points-max")));
    } catch (ReflectiveOperationException | LinkageError e) {
      throw Settings.error(
          presence,
          "filter.class",
          "%s has no public constructor without parameters that works (%s)".formatted(name, e));
    }
  }

  /// Checks what can be known before anything is started.
  static void check(Config presence) {
    String name = presence.getString("filter.class");
    if (!name.isEmpty()) {
      var _ = type(presence, name);
    }
  }

  private static Class<? extends WordFilter> type(Config presence, String name) {
    try {
      return Class.forName(name, false, Filtering.class.getClassLoader())
          .asSubclass(WordFilter.class);
    } catch (ClassNotFoundException | LinkageError e) {
      throw Settings.error(
          presence, "filter.class", "there is no class %s on the class path".formatted(name));
    } catch (ClassCastException e) {
      throw Settings.error(
          presence, "filter.class", "%s is no %s".formatted(name, WordFilter.class.getName()));
    }
  }

  @Override
  public CompletionStage<Opinion> judge(Remark remark) {
    if (!free.tryAcquire()) {
      return failed(new IllegalStateException("too many judgements are under way"));
    }
    CompletableFuture<Opinion> judgement =
        CompletableFuture.supplyAsync(() -> inner.judge(remark), threads).thenCompose(each -> each);
    return judgement
        .whenComplete((_, _) -> free.release())
        .copy() // what is late keeps its place until it ends
        .orTimeout(limits.patience().toMillis(), TimeUnit.MILLISECONDS)
        .thenApply(this::checked)
        .whenComplete(this::tell);
  }

  private static CompletionStage<Opinion> failed(Throwable why) {
    return CompletableFuture.failedFuture(why);
  }

  private Opinion checked(@Nullable Opinion opinion) {
    if (opinion == null) {
      throw new IllegalStateException("the word filter has no opinion");
    }
    if (opinion instanceof Opinion.Replace(String text)
        && (text.isEmpty() || text.codePointCount(0, text.length()) > limits.codePointsMax())) {
      throw new IllegalStateException("the word filter replaces a text with none, or too much");
    }
    return opinion;
  }

  /// Says once that it fails, and once that it works again; never what anybody wrote.
  private void tell(@Nullable Opinion opinion, @Nullable Throwable failure) {
    if (failure == null) {
      if (failing.compareAndSet(true, false)) {
        log.info("The word filter judges again");
      }
    } else if (failing.compareAndSet(false, true)) {
      log.warn(
          "The word filter {} fails: nobody can speak ({})",
          inner.getClass().getName(),
          failure.getClass().getName());
    }
  }
}
