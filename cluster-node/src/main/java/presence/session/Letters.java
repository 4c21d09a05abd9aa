package presence.session;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;
import presence.protocol.ErrorCode;
import presence.session.Notice.Accepted;
import presence.session.Notice.Refused;
import presence.session.SessionCommand.Order;
import presence.session.SessionState.Open;
import presence.user.Address;
import presence.user.Posting;
import presence.user.Verdict;

/// The direct messages a session sends. To each recipient one is on its way at a time and repeated
/// until its mailbox has answered, else a repetition could overtake the next one. Mailboxes know a
/// repetition, so what is forgotten here in a restart does no harm: the connection repeats it. Part
/// of [UserSession].
final class Letters {
  /// An order that wants to know.
  private record Asker(ActorRef<Notice> connection, long number) {}

  /// @param asked what the client wrote, which may not be what is posted
  private record Letter(String asked, Posting posting, long number, Set<Asker> askers) {
    private boolean answers(Posting wanted) {
      return posting.withText(asked).isOneWith(wanted);
    }
  }

  private final String session;
  private final SessionSurroundings around;
  private final Reminders reminders;
  private final ActorRef<Verdict> verdicts;
  private final Map<Address, Deque<Letter>> waiting = new LinkedHashMap<>();
  private int size;
  private long last;

  Letters(
      String session, SessionSurroundings around, Reminders reminders, ActorRef<Verdict> verdicts) {
    this.session = session;
    this.around = around;
    this.reminders = reminders;
    this.verdicts = verdicts;
  }

  /// Lets an order wait for the answer to the same letter, if that is on its way.
  ///
  /// @return whether it is
  boolean joins(Open state, Order order, Action.Send send) {
    Posting wanted = posting(state, send);
    for (Letter each : waiting.getOrDefault(send.to(), new ArrayDeque<>())) {
      if (each.answers(wanted)) {
        each.askers().add(asker(order));
        return true;
      }
    }
    return false;
  }

  /// Sends what a client wants to be sent, when its turn comes.
  ///
  /// @param text what is sent of it
  void take(Open state, Order order, Action.Send send, String text) {
    if (joins(state, order, send)) {
      return;
    }
    Asker asker = asker(order);
    if (size >= around.limits().lettersWaiting()) {
      refuse(asker, ErrorCode.UNAVAILABLE, around.limits().repeatLast().toMillis());
    } else {
      Posting posting = posting(state, send).withText(text);
      add(new Letter(send.text(), posting, ++last, new HashSet<>(Set.of(asker))));
    }
  }

  private Posting posting(Open state, Action.Send send) {
    return new Posting(
        sender(state), state.speaker(session), send.to(), send.text(), send.clientMessageId());
  }

  private static Asker asker(Order order) {
    return new Asker(order.connection(), order.number());
  }

  private Address sender(Open state) {
    return state
        .principal()
        .person()
        .<Address>map(Address.Person::new)
        .orElseGet(() -> new Address.Session(session));
  }

  private void add(Letter letter) {
    Deque<Letter> line = waiting.computeIfAbsent(letter.posting().to(), any -> new ArrayDeque<>(1));
    line.add(letter);
    size++;
    if (line.size() == 1) {
      reminders.somethingNew();
      post(letter);
    }
    reminders.repeatLater();
  }

  private void post(Letter letter) {
    around.doors().post(letter.posting(), letter.number(), verdicts);
  }

  /// A mailbox has answered.
  void answered(Verdict verdict) {
    for (Deque<Letter> line : waiting.values()) {
      Letter letter = line.getFirst();
      if (letter.number() == verdict.number()) {
        letter.askers().forEach(asker -> tell(asker, letter, verdict));
        next(letter.posting().to(), line);
        return;
      }
    }
  }

  private void next(Address to, Deque<Letter> line) {
    line.removeFirst();
    size--;
    if (line.isEmpty()) {
      waiting.remove(to);
    } else {
      post(line.getFirst());
    }
  }

  private void tell(Asker asker, Letter letter, Verdict verdict) {
    switch (verdict) {
      case Verdict.Taken taken ->
          asker
              .connection()
              .tell(new Accepted(asker.number(), letter.posting().clientMessageId(), taken.id()));
      case Verdict.Refused refused -> refuse(asker, refused.code(), null);
    }
  }

  private static void refuse(Asker asker, ErrorCode code, @Nullable Long retryAfterMs) {
    asker.connection().tell(new Refused(asker.number(), code, inWords(code), retryAfterMs));
  }

  private static String inWords(ErrorCode code) {
    return switch (code) {
      case UNKNOWN_RECIPIENT -> "nobody of this name was ever here";
      case MAILBOX_FULL -> "the recipient's mailbox is full";
      case CONFLICT -> "this clientMessageId was used for another message";
      default -> "not possible just now";
    };
  }

  /// Sends every letter again whose mailbox has not answered.
  void repeat() {
    waiting.values().forEach(line -> post(line.getFirst()));
  }

  /// Whether every mailbox has answered.
  boolean isSettled() {
    return waiting.isEmpty();
  }

  /// The session is over: nobody waits for an answer any more.
  void stop() {
    waiting.clear();
    size = 0;
  }
}
