package presence.load.check;

import java.io.PrintStream;
import java.util.List;

/// Findings as people read them: one line for each rule, then where it did not hold.
public final class Table {
  private static final int SHOWN_MAX = 5;
  private static final int CHARS_MAX = 1_000;

  private Table() {}

  public static void print(PrintStream out, Proof proof) {
    Findings findings = proof.findings();
    out.println(proof.scope());
    out.printf("%-66s %12s %10s%n", "rule", "checked", "violated");
    for (Rule rule : Rule.values()) {
      out.printf(
          "%-66s %,12d %,10d%n",
          rule.promise(), findings.checked(rule), findings.violations(rule).size());
    }
    for (Rule rule : Rule.values()) {
      List<String> violations = findings.violations(rule);
      if (!violations.isEmpty()) {
        out.printf("%n%s: %,d violations%n", rule.promise().strip(), violations.size());
        violations.stream()
            .limit(SHOWN_MAX)
            .map(each -> "  " + each.substring(0, Math.min(CHARS_MAX, each.length())))
            .forEach(out::println);
      }
    }
    out.println(findings.allHold() ? "OK" : "VIOLATED");
  }
}
