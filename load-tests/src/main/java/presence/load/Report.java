package presence.load;

import java.util.List;
import presence.load.process.NodeProcess;

/// The page a scenario prints: what it measured, and whether what must hold does.
public final class Report {
  private static final int COMPLAINTS_MAX = 10;

  private boolean failed;

  Report(String title) {
    System.out.println(title);
  }

  /// Something worth knowing.
  public void note(String what, String value) {
    print("      ", what, value);
  }

  /// Something that must hold.
  public void check(boolean holds, String what, String value) {
    failed |= !holds;
    print(holds ? "  ok  " : " FAIL ", what, value);
  }

  /// That the node has said nothing that it does not say when all is well.
  public void checkLog(NodeProcess node) {
    List<String> complaints = node.complaintsAlone();
    check(complaints.isEmpty(), "the node's log", "%,d complaints".formatted(complaints.size()));
    complaints.stream().limit(COMPLAINTS_MAX).forEach(System.out::println);
  }

  private static void print(String verdict, String what, String value) {
    System.out.printf("%s %-42s %s%n", verdict, what, value);
  }

  boolean failed() {
    return failed;
  }

  /// Ends the process: 0 if everything held, else 1.
  void exit() {
    System.out.println(failed ? "FAILED" : "OK");
    System.exit(failed ? 1 : 0);
  }
}
