package presence.simulation.whole;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/// What must have become of the direct messages of all clients, once it is quiet and every person
/// has come once more. In which order they came, and under which ids, each client checks as it
/// reads.
record Letters(List<SimulatedClient> clients) {

  void allArrivedOrHaveAnOutcome() {
    for (SimulatedClient sender : clients) {
      sender.letters().accepted().forEach((id, letter) -> check(sender, id, letter));
      assertThat(sender.letters().texts()).as("what it read").doesNotHaveDuplicates();
    }
  }

  private void check(SimulatedClient sender, String id, Correspondent.Written letter) {
    Set<String> persons = persons(letter.to());
    boolean read =
        clients.stream()
            .filter(each -> each.knows(letter.to()) || isOneOf(each, persons))
            .anyMatch(each -> each.letters().hasRead(id));
    Set<String> outcomes = outcomes(sender, id);
    if (!persons.isEmpty()) {
      assertThat(read).as("'%s' was read", letter.text()).isTrue();
    }
    if (outcomes.contains("DELIVERED")) {
      assertThat(read).as("'%s', said to be delivered, was read", letter.text()).isTrue();
    }
    if (sender.handle() != null) {
      assertThat(outcomes).as("what '%s' came to; read: %s", letter.text(), read).hasSize(1);
    }
  }

  /// Who may read what is sent to this name; nobody of an anonymous session.
  private Set<String> persons(String to) {
    return clients.stream()
        .filter(each -> to.equals(each.handle()) || each.knows(to))
        .map(SimulatedClient::handle)
        .filter(Objects::nonNull)
        .collect(Collectors.toSet());
  }

  private static boolean isOneOf(SimulatedClient client, Set<String> persons) {
    String handle = client.handle();
    return handle != null && persons.contains(handle);
  }

  private Set<String> outcomes(SimulatedClient sender, String id) {
    return clients.stream()
        .filter(each ->
            each == sender || (sender.handle() != null && sender.handle().equals(each.handle())))
        .map(each -> each.letters().outcome(id))
        .filter(Objects::nonNull)
        .collect(Collectors.toSet());
  }
}
