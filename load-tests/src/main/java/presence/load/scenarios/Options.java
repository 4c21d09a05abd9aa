package presence.load.scenarios;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What was asked for on the command line.
///
/// @param only names of the scenarios wanted; empty = all
/// @param users honest members of each scenario
/// @param seconds for which the busy part of each lasts
/// @param target a node that runs already; absent = one of its own
/// @param atOnce whether all play at the same time, each in its own instance
public record Options(
    Ask ask,
    List<String> only,
    long seed,
    int users,
    int seconds,
    @Nullable URI target,
    boolean atOnce) {
  private static final int USERS_MIN = 2;

  public static final String HELP =
      """
      Scenarios [OPTION…]
        --only NAME,…    only these
        --users N        honest members of each scenario, 20
        --seconds N      how long the busy part of each lasts, 10
        --seed N         of all chance, 1
        --target URL     a node that runs already, with development tokens; else one is started
        --smoke          few users, short, all scenarios at the same time
        --list           the scenarios and what must hold in each
        --help           this
      Exit 0 if every invariant holds, 1 if one does not, 2 for a command that makes no sense.\
      """;

  /// What is wanted.
  public enum Ask {
    PLAY,
    LIST,
    HELP
  }

  /// The command makes no sense; the message is one line for people.
  public static final class Misuse extends Exception {
    Misuse(String why) {
      super(why);
    }
  }

  public static final Options DEFAULT = new Options(Ask.PLAY, List.of(), 1, 20, 10, null, false);

  /// Reads the command line.
  ///
  /// @throws Misuse for what is no option, or has no value that can be
  public static Options parse(List<String> arguments) throws Misuse {
    Options options = DEFAULT;
    for (int i = 0; i < arguments.size(); i++) {
      String name = arguments.get(i);
      options =
          switch (name) {
            case "--help" -> options.with(Ask.HELP);
            case "--list" -> options.with(Ask.LIST);
            case "--smoke" -> options.smoke();
            default -> options.with(name, value(arguments, ++i));
          };
    }
    return options;
  }

  private static Optional<String> value(List<String> arguments, int at) {
    return at < arguments.size() ? Optional.of(arguments.get(at)) : Optional.empty();
  }

  private Options with(String name, Optional<String> given) throws Misuse {
    List<String> known = List.of("--only", "--users", "--seconds", "--seed", "--target");
    if (!known.contains(name)) {
      throw new Misuse("there is no option " + name + "; --help lists them");
    }
    String value = given.orElseThrow(() -> new Misuse(name + " needs a value"));
    return switch (name) {
      case "--only" -> new Options(ask, names(value), seed, users, seconds, target, atOnce);
      case "--seed" ->
          new Options(
              ask, only, number(name, value, Long.MIN_VALUE), users, seconds, target, atOnce);
      case "--users" ->
          new Options(
              ask, only, seed, (int) number(name, value, USERS_MIN), seconds, target, atOnce);
      case "--seconds" ->
          new Options(ask, only, seed, users, (int) number(name, value, 1), target, atOnce);
      default -> new Options(ask, only, seed, users, seconds, url(value), atOnce);
    };
  }

  private static List<String> names(String value) throws Misuse {
    List<String> wanted = List.of(value.split(","));
    for (String name : wanted) {
      if (Catalogue.ALL.stream().noneMatch(each -> each.name().equals(name))) {
        throw new Misuse("there is no scenario " + name + "; --list lists them");
      }
    }
    return wanted;
  }

  private static long number(String name, String value, long least) throws Misuse {
    try {
      long number = Long.parseLong(value);
      if (number >= least && (least == Long.MIN_VALUE || number <= Integer.MAX_VALUE)) {
        return number;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    String bound = least == Long.MIN_VALUE ? "" : ", " + least + " at least";
    throw new Misuse("%s is a number%s, not %s".formatted(name, bound, value));
  }

  private static URI url(String value) throws Misuse {
    try {
      URI url = URI.create(value);
      if ("http".equals(url.getScheme()) && url.getHost() != null && url.getPort() > 0) {
        return url;
      }
    } catch (IllegalArgumentException e) {
      // said below
    }
    throw new Misuse("--target is http://HOST:PORT, not " + value);
  }

  private Options with(Ask other) {
    return new Options(other, only, seed, users, seconds, target, atOnce);
  }

  private Options smoke() {
    return new Options(ask, only, seed, 4, 3, target, true);
  }

  boolean wants(Scenario scenario) {
    return only.isEmpty() || only.contains(scenario.name());
  }
}
