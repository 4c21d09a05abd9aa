package presence.load.scenarios;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import presence.load.process.NodeProcess;
import presence.load.process.ScratchDirectory;

/// Plays scenarios on one node and prints how each ended.
public final class Programme {
  private final Options options;
  private final PrintStream out;

  public Programme(Options options, PrintStream out) {
    this.options = options;
    this.out = out;
  }

  /// Plays all that are wanted, on the target or a node of its own.
  public List<Verdict> play() {
    URI target = options.target();
    if (target != null) {
      return play(target, Terms.of(target));
    }
    try (NodeProcess node = NodeProcess.start(Terms.settings())) {
      long start = System.nanoTime();
      List<Verdict> verdicts = new ArrayList<>(play(node.url(), Terms.own()));
      verdicts.add(ended(ofLog(node.complaintsAlone(), start)));
      return verdicts;
    }
  }

  private List<Verdict> play(URI node, Terms terms) {
    Path directory = ScratchDirectory.create();
    List<Scenario> wanted = Catalogue.ALL.stream().filter(options::wants).toList();
    List<Verdict> verdicts = new ArrayList<>();
    if (options.atOnce()) {
      List<CompletableFuture<Verdict>> playing =
          wanted.stream()
              .map(each ->
                  CompletableFuture.supplyAsync(
                      () -> play(each, node, terms, directory), Programme::start))
              .toList();
      playing.forEach(each -> verdicts.add(ended(each.join())));
    } else {
      wanted.forEach(each -> verdicts.add(ended(play(each, node, terms, directory))));
    }
    if (verdicts.stream().allMatch(Verdict::holds)) {
      ScratchDirectory.delete(directory);
    } else {
      out.println("what the honest clients wrote down: " + directory);
    }
    return verdicts;
  }

  private static void start(Runnable scenario) {
    Thread.ofVirtual().name("scenario").start(scenario);
  }

  private Verdict ended(Verdict verdict) {
    verdict.print(out);
    return verdict;
  }

  private Verdict play(Scenario scenario, URI node, Terms terms, Path directory) {
    // a target knows the persons and instances of earlier runs
    String name = scenario.name() + '-' + Long.toString(System.currentTimeMillis(), 36);
    long seed = options.seed() * 1_000 + Catalogue.ALL.indexOf(scenario);
    long start = System.nanoTime();
    String did = null;
    String why = null;
    try (Stage stage =
        new Stage(
            name, node, terms, options, new SplittableRandom(seed), created(directory, name))) {
      did = scenario.play(stage);
    } catch (Broken e) {
      why = e.getMessage();
    } catch (Exception e) {
      why = "it broke off: " + e;
    }
    return verdict(scenario, start, did, why);
  }

  private static Verdict verdict(
      Scenario scenario, long start, @Nullable String did, @Nullable String why) {
    return new Verdict(scenario.name(), scenario.invariant(), since(start), did, why);
  }

  /// Whatever clients do, it is no error of the node's.
  private static Verdict ofLog(List<String> complaints, long start) {
    return new Verdict(
        "log",
        "the node complains of nothing",
        since(start),
        "%d complaints".formatted(complaints.size()),
        complaints.isEmpty() ? null : String.join("\n", complaints));
  }

  private static Duration since(long start) {
    return Duration.ofNanos(System.nanoTime() - start);
  }

  private static Path created(Path directory, String name) {
    try {
      return Files.createDirectory(directory.resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
