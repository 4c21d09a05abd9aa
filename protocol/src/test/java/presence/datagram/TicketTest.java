package presence.datagram;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TicketTest {
  private final Ticket ticket = Ticket.issue(new Random(1));

  @Test
  void isReadAsItWasWritten() {
    Ticket read = Ticket.parse(ticket.text()).orElseThrow();

    assertThat(ticket.text()).hasSize(64);
    assertThat(read.text()).isEqualTo(ticket.text());
    assertThat(read.id()).isEqualTo(ticket.id());
    assertThat(read.key()).isEqualTo(ticket.key());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "AAAA", "not base64 at all!", "+/+/"})
  void isNotReadFromAnythingElse(String text) {
    assertThat(Ticket.parse(text)).isEmpty();
    assertThat(Ticket.parse(ticket.text() + text + "A")).isEmpty();
  }

  @Test
  void doesNotShowItsKey() {
    assertThat(ticket.toString()).doesNotContain(ticket.text());
  }
}
