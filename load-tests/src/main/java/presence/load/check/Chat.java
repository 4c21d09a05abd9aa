package presence.load.check;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.Map;
import presence.load.record.Line;
import presence.load.record.Recording;

/// What authors learned of their chat messages.
final class Chat {
  private final Findings findings;
  private final Map<String, Stream> streams;
  private long said;
  private long refused;

  Chat(Map<String, Stream> streams, Findings findings) {
    this.streams = streams;
    this.findings = findings;
  }

  /// What was said and neither published nor refused.
  long unanswered(long accepted) {
    return said - accepted - refused;
  }

  /// Returns how many messages of this author were accepted.
  long check(Recording author) {
    Map<String, Long> accepted = new HashMap<>();
    for (Line line : author.lines()) {
      switch (line) {
        case Line.Says _ -> said++;
        case Line.Frame(_, JsonNode frame) ->
            Messages.of(frame).forEach(message -> heard(author, message, accepted));
        default -> {}
      }
    }
    return accepted.size();
  }

  private void heard(Recording author, JsonNode message, Map<String, Long> accepted) {
    String mine = message.path("clientMessageId").asText("");
    if (mine.isEmpty()) {
      return;
    }
    if (Messages.isType(message, "error")) {
      refused++;
    } else if (Messages.isType(message, "chat:message")) {
      long seq = message.path("seq").longValue();
      Long known = accepted.putIfAbsent(mine, seq);
      findings.check(
          Rule.CHAT_ONCE,
          known == null || known == seq,
          "%s of %s is published at %d and %d",
          mine,
          author.client().name(),
          known,
          seq);
      Stream stream = streams.get(message.path("instance").asText());
      findings.check(
          Rule.CHAT_LOST,
          stream != null && stream.published().containsKey(seq),
          "%s of %s at %d is in nobody's stream",
          mine,
          author.client().name(),
          seq);
    }
  }
}
