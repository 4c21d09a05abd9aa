package presence.load;

import java.io.IOException;
import presence.load.peers.Comparison;
import presence.load.peers.Page;
import presence.load.peers.Plan;

/// The same jobs, by one client, for this server and for others that a user might pick: everybody
/// joins a room and is told of everybody, messages go to all, people come and go, nobody does
/// anything.
///
/// System properties: `members` (1,000), `many` (5,000: the storm only ours has), `warm` (3 rounds
/// that do not count), `rounds` (3), `parts` (rounds,growth,idle), `peers`
/// (ours,Netty,ws,Socket.IO,CometD), `settle` (130 s before what idle members hold is measured),
/// `results` (target/peers), `add` (true = what is there counts, too), `goals` (true = what ours
/// misses is a failure).
public final class Peers {
  private Peers() {}

  public static void main(String[] args) throws IOException {
    Page page = Comparison.run(Plan.asked());
    System.out.println(page.text());
    boolean missed = Boolean.getBoolean("goals") && !page.holds();
    System.out.println(page.failed() || missed ? "FAILED" : "OK");
    System.exit(page.failed() || missed ? 1 : 0);
  }
}
