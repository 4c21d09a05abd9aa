package presence.cases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.awaitility.core.ConditionTimeoutException;
import presence.client.PresenceListener;
import presence.protocol.ErrorCode;
import presence.protocol.InvalidMessage;
import presence.protocol.Member;
import presence.protocol.ServerMessage;
import presence.protocol.ServerMessage.Accepted;
import presence.protocol.ServerMessage.Direct;
import presence.protocol.ServerMessage.Fate;
import presence.protocol.ServerMessage.Outcome;

/// What one client was told, all of it, and what can be said of that. Every stream it is told is
/// checked from the first frame to the last.
abstract class Witness {
  private final String id;
  private final Transcript transcript;
  private final StreamCheck check = new StreamCheck();
  private final BlockingQueue<Integer> closes = new LinkedBlockingQueue<>();
  private final List<Direct> handedOver = new CopyOnWriteArrayList<>();
  private int attentive;

  Witness(String id) {
    this.id = id;
    this.transcript = new Transcript(id);
  }

  private final class Ears implements PresenceListener {
    private String frame = "";

    @Override
    public void frame(String text) {
      frame = text;
    }

    @Override
    public void received(ServerMessage message) {
      check.take(message);
      transcript.add(frame, message);
    }

    @Override
    public void unreadable(InvalidMessage why) {
      check.unreadable(String.valueOf(why.getMessage()));
    }

    @Override
    public void direct(Direct message) {
      handedOver.add(message);
    }

    @Override
    public void closed(int code, String reason) {
      closes.add(code);
    }
  }

  /// The id of the person, as others see it.
  String id() {
    return id;
  }

  /// What a client must be given to hear.
  PresenceListener ears() {
    return new Ears();
  }

  Transcript transcript() {
    return transcript;
  }

  List<String> violations() {
    return check.violations();
  }

  /// The client claims to have the stream up to this place.
  void claims(String instance, long epoch, long seq) {
    check.claims(instance, epoch, seq);
  }

  void hasLeft(String instance) {
    check.left(instance);
  }

  /// Waits until everything that happened before this call has reached it.
  abstract void settles();

  /// What it hears from now on is what is asked about later.
  void attends() {
    attentive = transcript.end();
  }

  /// What it has heard of this person since it listens, in order: `joined`, `left`, `here`, `away`,
  /// `renamed`.
  List<String> heardAbout(Witness other) {
    settles();
    List<String> heard = new ArrayList<>();
    for (Transcript.Heard each : transcript.since(attentive)) {
      if (each.message() instanceof ServerMessage.Delta delta) {
        note(heard, "left", delta.left(), other);
        note(heard, "joined", delta.joined().stream().map(Member::id).toList(), other);
        note(heard, "renamed", delta.renamed().stream().map(Member::id).toList(), other);
        note(heard, "here", delta.here(), other);
        note(heard, "away", delta.away(), other);
      }
    }
    return heard;
  }

  private static void note(List<String> heard, String what, List<String> ids, Witness other) {
    if (ids.contains(other.id)) {
      heard.add(what);
    }
  }

  /// No frame since it listens mentions this person, and no count has moved; but for these words,
  /// which the person said.
  void heardNothingAbout(Witness other, String... butWords) {
    settles();
    for (Transcript.Heard each : transcript.since(attentive)) {
      boolean said =
          each.message() instanceof ServerMessage.Said words
              && List.of(butWords).contains(words.text());
      if (!said) {
        assertThat(each.message())
            .as("what %s was told", id)
            .isNotInstanceOfAny(ServerMessage.Delta.class, ServerMessage.Presence.class);
        assertThat(each.message().toString()).as("what %s was told", id).doesNotContain(other.id);
      }
    }
  }

  /// Waits until it hears that this person is `here` or `away` and returns when, in milliseconds
  /// since 1970.
  long hears(String what, Witness other, int start) {
    return transcript.await(
        start,
        other.id + " " + what,
        heard ->
            heard.message() instanceof ServerMessage.Delta delta
                    && (what.equals("here") ? delta.here() : delta.away()).contains(other.id)
                ? heard.at()
                : null);
  }

  /// Waits for the leave of this person and returns when it came, in milliseconds since 1970.
  long hearsLeaveOf(Witness other) {
    return hearsLeaveOf(other, Transcript.PATIENCE);
  }

  long hearsLeaveOf(Witness other, Duration patience) {
    return transcript.await(
        attentive,
        patience,
        "the leave of " + other.id,
        heard ->
            heard.message() instanceof ServerMessage.Delta delta && delta.left().contains(other.id)
                ? heard.at()
                : null);
  }

  /// All of this type it has heard since it listens.
  <M extends ServerMessage> List<M> heard(Class<M> type) {
    return transcript.since(attentive).stream()
        .map(Transcript.Heard::message)
        .filter(type::isInstance)
        .map(type::cast)
        .toList();
  }

  /// Waits for these words.
  ServerMessage.Said heard(String text) {
    return heard(text, Transcript.PATIENCE);
  }

  ServerMessage.Said heard(String text, Duration patience) {
    return transcript.await(
        0,
        patience,
        "the words " + text,
        heard ->
            heard.message() instanceof ServerMessage.Said said && said.text().equals(text)
                ? said
                : null);
  }

  /// Waits for the first push of this direct message.
  Direct gets(String text) {
    return transcript.await(
        0,
        "the direct message " + text,
        heard ->
            heard.message() instanceof Direct direct && direct.text().equals(text) ? direct : null);
  }

  /// Every push of a direct message, repeated ones too, in order.
  List<Direct> pushes() {
    return transcript.since(0).stream()
        .map(Transcript.Heard::message)
        .filter(Direct.class::isInstance)
        .map(Direct.class::cast)
        .toList();
  }

  /// Waits until its application has been given the last of these direct messages of this sender,
  /// and no other and nothing twice, in this order.
  void isGiven(Witness sender, List<String> texts) {
    try {
      await(id + " is given " + texts.getLast())
          .atMost(Transcript.PATIENCE)
          .pollInterval(Duration.ofMillis(5))
          .until(() -> given(sender).contains(texts.getLast()));
    } catch (ConditionTimeoutException e) {
      throw new AssertionError(
          id + " is not given " + texts.getLast() + ", it heard\n" + transcript.tail(), e);
    }
    assertThat(given(sender)).as("what %s is given of %s", id, sender.id).isEqualTo(texts);
  }

  private List<String> given(Witness sender) {
    return handedOver.stream()
        .filter(each -> each.from().id().equals(sender.id))
        .map(Direct::text)
        .toList();
  }

  /// Waits for what became of a direct message it sent.
  Fate learns(Accepted sent) {
    return transcript.await(
        0,
        "the outcome of " + sent,
        heard ->
            heard.message() instanceof Outcome outcome && outcome.id().equals(sent.id())
                ? outcome.outcome()
                : null);
  }

  /// Whether it has learned what became of a direct message it sent.
  boolean knows(Accepted sent) {
    return transcript.since(0).stream()
        .anyMatch(
            heard -> heard.message() instanceof Outcome outcome && outcome.id().equals(sent.id()));
  }

  /// Waits for an error of this code.
  ServerMessage.Error hears(ErrorCode code) {
    return transcript.await(
        attentive,
        "the error " + code,
        heard ->
            heard.message() instanceof ServerMessage.Error error && error.code() == code
                ? error
                : null);
  }

  /// Waits until the socket is closed, which must be with this code.
  void isClosedWith(int code) {
    assertThat(closeCode())
        .as("the close code of %s, which heard%n%s", id, transcript.tail())
        .isEqualTo(code);
  }

  /// Waits until the socket is lost with its node. One JVM cannot always die without a word.
  void isLost() {
    assertThat(closeCode())
        .as("the close code of %s, which heard%n%s", id, transcript.tail())
        .isIn(1006, 1011);
  }

  /// Waits until the socket is closed.
  int closeCode() {
    return closeCode(Transcript.PATIENCE.toMillis());
  }

  int closeCode(long patienceMs) {
    try {
      Integer code = closes.poll(patienceMs, TimeUnit.MILLISECONDS);
      assertThat(code).as("%s is not closed, it heard%n%s", id, transcript.tail()).isNotNull();
      return code == null ? 0 : code;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  void isStillOpen() {
    assertThat(isClosed()).as("%s is closed, it heard%n%s", id, transcript.tail()).isFalse();
  }

  boolean isClosed() {
    return !closes.isEmpty();
  }
}
