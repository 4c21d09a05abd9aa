package presence.simulation.whole;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/// What must have become of the direct messages of all clients, once it is quiet. In which order
/// they came, and under which ids, each client checks as it reads.
final class Letters {
  private Letters() {}

  static void allArrivedOrHaveAnOutcome(List<SimulatedClient> clients) {
    for (SimulatedClient sender : clients) {
      sender
          .letters()
          .accepted()
          .forEach((id, letter) -> {
            List<SimulatedClient> recipients = recipients(clients, letter.to());
            boolean read = recipients.stream().anyMatch(each -> each.letters().hasRead(id));
            boolean ofPerson = recipients.stream().anyMatch(each -> each.handle() != null);
            boolean somebodyIsThere = recipients.stream().anyMatch(SimulatedClient::isOnline);
            Set<String> outcomes = outcomes(clients, sender, id);
            if (outcomes.contains("DELIVERED")) {
              assertThat(read).as("'%s', said to be delivered, was read", letter.text()).isTrue();
            }
            if (ofPerson && somebodyIsThere) {
              assertThat(read).as("'%s' was read", letter.text()).isTrue();
            }
            if ((somebodyIsThere || !ofPerson) && knowsOutcomes(clients, sender)) {
              assertThat(outcomes)
                  .as("what '%s' came to; it was read: %s", letter.text(), read)
                  .hasSize(1);
            }
          });
    }
    clients.forEach(each -> assertThat(each.letters().texts()).doesNotHaveDuplicates());
  }

  /// Whoever may read it: a person's clients, or those that had the session.
  private static List<SimulatedClient> recipients(List<SimulatedClient> clients, String to) {
    return clients.stream()
        .filter(each ->
            to.equals(each.handle())
                || each.knows(to)
                || clients.stream()
                    .anyMatch(other ->
                        other.knows(to)
                            && other.handle() != null
                            && Objects.equals(other.handle(), each.handle())))
        .toList();
  }

  /// Whether somebody is there whom the outcome must have reached.
  private static boolean knowsOutcomes(List<SimulatedClient> clients, SimulatedClient sender) {
    return sender.handle() != null
        && sameSender(clients, sender).stream().anyMatch(SimulatedClient::isOnline);
  }

  private static Set<String> outcomes(
      List<SimulatedClient> clients, SimulatedClient sender, String id) {
    return sameSender(clients, sender).stream()
        .map(each -> each.letters().outcome(id))
        .filter(Objects::nonNull)
        .collect(Collectors.toSet());
  }

  private static List<SimulatedClient> sameSender(
      List<SimulatedClient> clients, SimulatedClient sender) {
    return clients.stream()
        .filter(each ->
            each == sender || (sender.handle() != null && sender.handle().equals(each.handle())))
        .toList();
  }
}
