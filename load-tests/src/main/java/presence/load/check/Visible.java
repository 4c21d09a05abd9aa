package presence.load.check;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Compares what an instance's stream told with what its people did: nobody may be seen to come,
/// go, look or look away more often than they had reason to by then. Who only lost a socket and
/// came back in time had none.
final class Visible {
  private final Stream stream;
  private final Wishes wishes;
  private final Findings findings;
  private final Map<String, Integer> seen = new HashMap<>();

  Visible(Stream stream, Wishes wishes, Findings findings) {
    this.stream = stream;
    this.wishes = wishes;
    this.findings = findings;
  }

  void check() {
    Set<String> online = Set.of();
    Set<String> here = Set.of();
    long at = 0;
    for (Stream.Sight sight : stream.sights().values()) {
      at = Math.max(at, sight.at());
      Cut cut = sight.cut();
      Set<String> nowOnline = cut.online().keySet();
      each("joined", cut, at, minus(nowOnline, online));
      each("left", cut, at, minus(online, nowOnline));
      each("came here", cut, at, minus(cut.here(), here));
      each("went away", cut, at, minus(here, cut.here()));
      online = nowOnline;
      here = cut.here();
    }
  }

  private static Set<String> minus(Set<String> some, Set<String> others) {
    Set<String> rest = new HashSet<>(some);
    rest.removeAll(others);
    return rest;
  }

  private void each(String what, Cut cut, long at, Set<String> persons) {
    for (String person : persons) {
      List<Long> reasons = reasons(wishes.person(person), what);
      int times = seen.merge(person + ' ' + what, 1, Integer::sum);
      findings.check(
          Rule.VISIBLE,
          times <= reasons.size() && reasons.get(times - 1) <= at,
          "%s at %d (time %d): %s %s for the %d. time, reasons at %s",
          stream.name(),
          cut.seq(),
          at,
          person,
          what,
          times,
          reasons);
    }
  }

  private static List<Long> reasons(Wishes.Person person, String what) {
    return switch (what) {
      case "joined" -> person.comes;
      case "left" -> person.goes;
      case "came here" -> person.looks;
      default -> person.looksAway;
    };
  }
}
