package presence.simulation.whole;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import presence.protocol.ClientMessage;
import presence.protocol.ErrorCode;
import presence.protocol.ServerMessage;

/// The direct messages of one client: it sends what is not answered again when it is back, in
/// order, acknowledges what it gets, and hands over each id once.
final class Correspondent {
  /// A message as its sender knows it.
  record Written(String to, String text) {}

  private final int number;
  private final Map<String, ClientMessage.Send> unanswered = new LinkedHashMap<>();
  private final Map<String, Written> accepted = new LinkedHashMap<>();
  private final Map<String, String> outcomes = new LinkedHashMap<>();
  private final Map<String, String> read = new LinkedHashMap<>();
  private final Map<String, Integer> newest = new HashMap<>();
  private int count;

  Correspondent(int number) {
    this.number = number;
  }

  /// The next message to somebody; it says who wrote it to whom and how many there were before.
  ClientMessage.Send write(String to) {
    count++;
    String id = number + "-" + count;
    ClientMessage.Send send =
        new ClientMessage.Send(to, number + " to " + to + " #" + count, id, null);
    unanswered.put(id, send);
    return send;
  }

  /// A socket is welcome, in the session of before or in another.
  ///
  /// @param proven whether mailboxes know this client as the same sender in every session
  void welcomed(boolean resumed, boolean proven, Consumer<ClientMessage> say) {
    if (!resumed) {
      newest.clear();
    }
    if (!resumed && !proven) {
      unanswered.clear();
    }
    List.copyOf(unanswered.values()).forEach(say);
  }

  void accepted(ServerMessage.Accepted answer) {
    ClientMessage.Send send = unanswered.remove(answer.clientMessageId());
    if (send != null) {
      Written written = new Written(send.to(), send.text());
      Written before = accepted.putIfAbsent(answer.id(), written);
      assertThat(before).as("the id %s, accepted", answer.id()).isIn(null, written);
    }
  }

  void refused(ErrorCode code, @Nullable String clientMessageId) {
    if (clientMessageId != null) {
      unanswered.remove(clientMessageId);
      assertThat(code).as("why %s is refused", clientMessageId).isNotEqualTo(ErrorCode.CONFLICT);
    }
  }

  /// A message came: the first time in the order in which its sender wrote it.
  ClientMessage came(ServerMessage.Direct direct) {
    String text = direct.text();
    if (read.putIfAbsent(direct.id(), text) == null) {
      int place = text.lastIndexOf('#');
      Integer before =
          newest.put(text.substring(0, place), Integer.parseInt(text.substring(place + 1)));
      assertThat(before == null ? 0 : before)
          .as("'%s' comes to %d, after #%s", text, number, before)
          .isLessThan(Integer.parseInt(text.substring(place + 1)));
    }
    assertThat(read.get(direct.id())).as("the message %s", direct.id()).isEqualTo(text);
    return new ClientMessage.Acknowledge(List.of(direct.id()), null);
  }

  ClientMessage came(ServerMessage.Outcome outcome) {
    String result = outcome.outcome().toString();
    String before = outcomes.putIfAbsent(outcome.id(), result);
    assertThat(before).as("the outcome of %s", outcome.id()).isIn(null, result);
    return new ClientMessage.Acknowledge(List.of(outcome.id()), null);
  }

  boolean isSettled() {
    return unanswered.isEmpty();
  }

  Map<String, Written> accepted() {
    return accepted;
  }

  boolean hasRead(String id) {
    return read.containsKey(id);
  }

  /// Every text it has read, once for each id.
  List<String> texts() {
    return List.copyOf(read.values());
  }

  @Nullable String outcome(String id) {
    return outcomes.get(id);
  }
}
