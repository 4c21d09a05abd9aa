package presence.client;

import static presence.client.Messages.LOBBY;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.pcollections.HashTreePSet;
import org.pcollections.PSet;
import presence.protocol.ClientMessage;
import presence.protocol.ClientMessage.RosterMode;
import presence.protocol.Counts;
import presence.protocol.ErrorCode;
import presence.protocol.Member;
import presence.protocol.Position;
import presence.protocol.ServerMessage;

/// A server of one instance and one client, after the protocol's letter, that remembers the truth
/// at every seq and makes things hard when it is told to: loses deltas, pages snapshots, lets cuts
/// expire, refuses for now, begins new epochs.
final class ModelServer {
  private static final int PEOPLE = 12;
  private static final int RING = 20;
  private static final int PAGE = 3;

  private final SplittableRandom random;
  private final List<PSet<String>> sets = new ArrayList<>();
  private final Queue<ServerMessage> wire = new ArrayDeque<>();
  boolean hard = true;
  private long epoch = 1;
  private boolean session;
  private boolean member;
  private long sent = -1; // the seq the client's connection has got; -1 = not subscribed

  ModelServer(SplittableRandom random) {
    this.random = random;
    sets.add(HashTreePSet.empty());
  }

  Position now() {
    return new Position(epoch, sets.size() - 1L);
  }

  /// Whether this is the truth at that position; of epochs gone by nothing is known any more.
  boolean isTrue(Position at, Collection<String> online) {
    return at.epoch() != epoch || sets.get((int) at.seq()).equals(HashTreePSet.from(online));
  }

  boolean sometimes(int oneIn) {
    return hard && random.nextInt(oneIn) == 0;
  }

  /// Somebody comes, goes or speaks.
  void change() {
    if (sometimes(150)) {
      epoch++;
      sets.clear();
      sets.add(HashTreePSet.empty());
      sent = sent < 0 ? -1 : 0;
      return;
    }
    String who = "@p" + random.nextInt(PEOPLE);
    PSet<String> before = sets.getLast();
    if (random.nextInt(4) == 0) {
      flush();
      sets.add(before);
      tell(Messages.said(now().seq(), null, null));
    } else {
      sets.add(before.contains(who) ? before.minus(who) : before.plus(who));
    }
  }

  /// What changed since the last flush leaves as one delta.
  void flush() {
    long now = now().seq();
    if (sent >= 0 && sent < now) {
      tell(delta(sent, now, null));
    }
  }

  private void tell(ServerMessage change) {
    if (sent >= 0) {
      sent = now().seq();
      if (!sometimes(15)) {
        wire.add(inEpoch(change));
      }
    }
  }

  private ServerMessage inEpoch(ServerMessage message) {
    return message instanceof ServerMessage.Said said
        ? new ServerMessage.Said(
            LOBBY, epoch, said.seq(), said.id(), said.from(), said.text(), 1, null, null)
        : message;
  }

  private ServerMessage.Delta delta(long from, long to, @Nullable String ref) {
    PSet<String> before = sets.get((int) from);
    PSet<String> after = sets.get((int) to);
    return new ServerMessage.Delta(
        LOBBY,
        epoch,
        from,
        to,
        members(after.minusAll(before).stream()),
        List.copyOf(before.minusAll(after)),
        List.of(),
        List.of(),
        List.of(),
        counts(to),
        ref);
  }

  private static List<Member> members(Stream<String> ids) {
    return ids.map(Messages::member).toList();
  }

  private Counts counts(long seq) {
    int people = sets.get((int) seq).size();
    return new Counts(people, 0, people, 0);
  }

  void hear(ClientMessage message) {
    switch (message) {
      case ClientMessage.Hello hello -> hello(hello);
      case ClientMessage.Join join when sometimes(6) -> wire.add(refusal(join.ref()));
      case ClientMessage.Join join -> {
        member = true;
        subscribe(join.since(), join.ref());
      }
      case ClientMessage.RosterPage page when sometimes(6) ->
          wire.add(Messages.error(ErrorCode.CONFLICT, page.ref()));
      case ClientMessage.RosterPage page -> page(page);
      default -> {}
    }
  }

  private static ServerMessage refusal(@Nullable String ref) {
    return Messages.error(ErrorCode.UNAVAILABLE, ref);
  }

  private void hello(ClientMessage.Hello hello) {
    boolean resumed = session && hello.resume() != null && !sometimes(4);
    session = true;
    member = member && resumed;
    wire.add(Messages.welcome(resumed, member ? new String[] {LOBBY} : new String[0]));
    if (member && hello.resume() != null) {
      hello.resume().instances().stream()
          .map(since -> new Position(since.epoch(), since.seq()))
          .findFirst()
          .ifPresentOrElse(since -> subscribe(since, null), () -> subscribe(null, null));
    }
  }

  private void subscribe(@Nullable Position since, @Nullable String ref) {
    Position now = now();
    boolean known =
        since != null
            && since.epoch() == epoch
            && since.seq() <= now.seq()
            && now.seq() - since.seq() <= RING;
    sent = now.seq();
    if (known && since != null) {
      wire.add(delta(since.seq(), now.seq(), ref));
    } else {
      page(null, now.seq(), 0, ref);
    }
  }

  private void page(ClientMessage.RosterPage asked) {
    String[] cursor = String.valueOf(asked.cursor()).split("\\.", -1);
    if (Long.parseLong(cursor[0]) == epoch) {
      page(asked, Long.parseLong(cursor[1]), Integer.parseInt(cursor[2]), asked.ref());
    } else {
      wire.add(Messages.error(ErrorCode.CONFLICT, asked.ref()));
    }
  }

  private void page(
      ClientMessage.@Nullable RosterPage asked, long seq, int from, @Nullable String ref) {
    List<String> all = List.copyOf(new TreeSet<>(sets.get((int) seq)));
    int to = Math.min(all.size(), from + PAGE);
    String cursor = to < all.size() ? epoch + "." + seq + "." + to : null;
    List<Member> members = members(all.subList(from, to).stream());
    wire.add(
        asked != null
            ? new ServerMessage.Roster(
                LOBBY, epoch, seq, members, List.of(), counts(seq), cursor, ref)
            : new ServerMessage.Presence(
                LOBBY,
                epoch,
                seq,
                RosterMode.FULL,
                members,
                List.of(),
                counts(seq),
                cursor == null,
                cursor,
                ref));
  }

  /// The socket is gone, and what was on it.
  void lost() {
    wire.clear();
    sent = -1;
  }

  @Nullable ServerMessage next() {
    return wire.poll();
  }
}
