package presence.load;

import java.nio.file.Path;
import java.util.List;
import presence.load.check.Proof;
import presence.load.check.Table;
import presence.load.record.Recording;

/// Proves what must hold over the recordings of a run, and over nothing else:
/// `presence.load.Checker DIR…`. Prints a table for each directory; exit 0 if every rule holds in
/// all of them, 1 if one does not, 2 if there is nothing to check.
///
/// The format of the recordings is [presence.load.record.Line]; who writes it with other clients or
/// another server can have them checked too.
public final class Checker {
  private static final int VIOLATED = 1;
  private static final int NOTHING = 2;

  private Checker() {}

  public static void main(String[] args) {
    boolean holds = true;
    for (String directory : args) {
      List<Recording> recordings = Recording.ofAll(Path.of(directory));
      if (recordings.isEmpty()) {
        System.err.println(directory + ": no recordings (*.jsonl)");
        System.exit(NOTHING);
      }
      System.out.println(directory);
      Proof proof = Proof.of(recordings);
      Table.print(System.out, proof);
      holds &= proof.findings().allHold();
    }
    if (args.length == 0) {
      System.err.println("presence.load.Checker DIR…");
    }
    System.exit(args.length == 0 ? NOTHING : holds ? 0 : VIOLATED);
  }
}
