package presence.load.check;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import presence.load.record.Line;
import presence.load.record.Recording;

/// The direct messages of a run, from both ends. The text of each is its client message id, unique
/// in the run, so that a second delivery under another id is seen.
final class Mail {
  /// A message as its sender knows it.
  private static final class Letter {
    final String sender;
    final String person;
    final String to;
    final String name;
    final int number;
    final Set<String> ids = new HashSet<>();
    final List<String> outcomes = new ArrayList<>();

    Letter(Story sender, String to, String name, int number) {
      this.sender = sender.name();
      this.person = sender.person();
      this.to = to;
      this.name = name;
      this.number = number;
    }
  }

  /// What a client was told of a letter, maybe before it was told that it was accepted.
  private record Told(Story client, String id, String outcome) {}

  private final Findings findings;
  private final List<Told> told = new ArrayList<>();
  private final Map<String, Letter> letters = new LinkedHashMap<>();
  private final Map<String, Letter> byId = new HashMap<>();
  private final Map<String, Set<String>> receivers = new HashMap<>();
  private final Set<String> acked = new HashSet<>();
  private final Set<String> reachable = new HashSet<>();
  private long duplicates;

  Mail(Findings findings) {
    this.findings = findings;
  }

  long accepted() {
    return byId.size();
  }

  /// Deliveries of a message that the same client had already: allowed, and told by their id.
  long redelivered() {
    return duplicates;
  }

  /// First everyone's sending.
  void sent(Recording sender, Story story) {
    int number = 0;
    for (Line line : sender.lines()) {
      switch (line) {
        case Line.Sends(_, String to, String name) ->
            letters.putIfAbsent(name, new Letter(story, to, name, number++));
        case Line.Frame(_, JsonNode frame) ->
            Messages.of(frame).forEach(message -> answered(story, message));
        default -> {}
      }
    }
    if (story.quietAt() > 0) {
      reachable.add(story.person());
    }
  }

  private void answered(Story sender, JsonNode message) {
    if (Messages.isType(message, "dm:accepted")) {
      accepted(sender.name(), message);
    } else if (Messages.isType(message, "dm:outcome")) {
      told.add(new Told(sender, message.path("id").asText(), message.path("outcome").asText()));
    }
  }

  private void accepted(String sender, JsonNode message) {
    Letter letter = letters.get(message.path("clientMessageId").asText());
    String id = message.path("id").asText();
    findings.check(
        Rule.MAIL_ONCE,
        letter != null
            && letter.sender.equals(sender)
            && (letter.ids.isEmpty() || letter.ids.contains(id)),
        "%s: %s, accepted before as %s",
        sender,
        message,
        letter == null ? "-" : letter.ids);
    if (letter != null) {
      letter.ids.add(id);
      byId.put(id, letter);
    }
  }

  /// Then everyone's receiving.
  void received(Recording receiver, Story story) {
    Set<String> known = new HashSet<>();
    Map<String, Letter> newestOf = new HashMap<>();
    for (Line line : receiver.lines()) {
      switch (line) {
        case Line.Acks(_, List<String> ids) -> acked.addAll(ids);
        case Line.Frame(_, JsonNode frame) ->
            Messages.of(frame).stream()
                .filter(message -> Messages.isType(message, "dm:message"))
                .forEach(message -> received(story, message, known, newestOf));
        default -> {}
      }
    }
  }

  private void received(
      Story story, JsonNode message, Set<String> known, Map<String, Letter> newestOf) {
    String id = message.path("id").asText();
    Letter letter = letters.get(message.path("text").asText());
    findings.check(
        Rule.MAIL_ONCE,
        letter != null && (letter.ids.isEmpty() || letter.ids.contains(id)),
        "%s got %s, which its sender knows as %s",
        story.name(),
        message,
        letter == null ? "-" : letter.ids);
    if (letter == null) {
      return;
    }
    letter.ids.add(id); // accepted, even if its sender never learned
    receivers.computeIfAbsent(letter.name, _ -> new HashSet<>()).add(story.person());
    if (!known.add(id)) {
      duplicates++;
      return;
    }
    Letter before = newestOf.put(letter.sender, letter);
    findings.check(
        Rule.MAIL_ORDER,
        before == null || before.number < letter.number,
        "%s got %s of %s after %s",
        story.name(),
        letter.name,
        letter.sender,
        before == null ? "-" : before.name);
  }

  /// Then what became of each.
  void check() {
    outcomes();
    for (Map.Entry<String, Letter> each : byId.entrySet()) {
      Letter letter = each.getValue();
      boolean received = receivers.getOrDefault(letter.name, Set.of()).contains(letter.to);
      boolean told = !letter.outcomes.isEmpty();
      findings.check(
          Rule.MAIL_LOST,
          received || told || !reachable.contains(letter.to),
          "%s of %s to %s was accepted as %s and never came",
          letter.name,
          letter.sender,
          letter.to,
          each.getKey());
      if (told) {
        boolean delivered = letter.outcomes.contains("delivered");
        findings.check(
            Rule.MAIL_OUTCOME,
            letter.outcomes.size() == 1 && (!delivered || acked.contains(each.getKey())),
            "%s: outcomes %s, acknowledged %s",
            letter.name,
            letter.outcomes,
            acked.contains(each.getKey()));
      }
    }
  }

  private static boolean isOf(Story client, Letter letter) {
    return letter.person.isEmpty()
        ? letter.sender.equals(client.name())
        : letter.person.equals(client.person());
  }

  /// An outcome is for the person who sent the letter, in whichever session. It may come before the
  /// acceptance, or instead of it, when the answer to the sending was lost with a node: then a
  /// letter that was delivered is known by its recipient.
  private void outcomes() {
    Map<String, Letter> known = new HashMap<>();
    letters.values().forEach(letter -> letter.ids.forEach(id -> known.put(id, letter)));
    for (Told each : told) {
      Letter letter = known.get(each.id);
      findings.check(
          Rule.MAIL_OUTCOME,
          letter == null ? each.outcome.equals("expired") : isOf(each.client, letter),
          "%s is told the outcome %s of %s, which it did not send",
          each.client.name(),
          each.outcome,
          each.id);
      if (letter != null && !letter.outcomes.contains(each.outcome)) {
        letter.outcomes.add(each.outcome);
      }
    }
  }
}
