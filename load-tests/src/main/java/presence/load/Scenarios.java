package presence.load;

import java.util.List;
import presence.load.scenarios.Catalogue;
import presence.load.scenarios.Options;
import presence.load.scenarios.Programme;
import presence.load.scenarios.Scenario;
import presence.load.scenarios.Verdict;

/// Honest clients and others on one node, in named scenarios with one invariant each:
/// `presence.load.Scenarios --help` says how it is asked for.
public final class Scenarios {
  private static final int BROKEN = 1;
  private static final int MISUSED = 2;

  private Scenarios() {}

  public static void main(String[] args) {
    System.exit(run(List.of(args)));
  }

  /// Does what the arguments ask for; returns the exit code.
  static int run(List<String> arguments) {
    Options options;
    try {
      options = Options.parse(arguments);
    } catch (Options.Misuse e) {
      System.err.println("Scenarios: " + e.getMessage());
      return MISUSED;
    }
    return switch (options.ask()) {
      case HELP -> {
        System.out.println(Options.HELP);
        yield 0;
      }
      case LIST -> {
        for (Scenario each : Catalogue.ALL) {
          System.out.printf("%-16s %s%n", each.name(), each.invariant());
        }
        yield 0;
      }
      case PLAY -> play(options);
    };
  }

  private static int play(Options options) {
    List<Verdict> verdicts = new Programme(options, System.out).play();
    long broken = verdicts.stream().filter(verdict -> !verdict.holds()).count();
    System.out.printf(
        "%s: %d checks, %d broken, seed %d%n",
        broken == 0 ? "OK" : "FAILED", verdicts.size(), broken, options.seed());
    return broken == 0 ? 0 : BROKEN;
  }
}
