package presence.gateway.ws.frame;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CompressionOfferTest {
  private static final String ANSWER =
      "permessage-deflate; server_no_context_takeover; client_no_context_takeover";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "permessage-deflate",
        "permessage-deflate; client_max_window_bits",
        "permessage-deflate;client_max_window_bits=10 ",
        "permessage-deflate; client_max_window_bits=\"8\"",
        "permessage-deflate; server_no_context_takeover; client_no_context_takeover",
        "x-webkit-deflate-frame, permessage-deflate",
        "permessage-deflate; server_max_window_bits=10, permessage-deflate",
        "bbf-usp-protocol; eid=\"a;b\", permessage-deflate"
      })
  void anOfferThatCanBeKeptIsTaken(String offers) {
    assertThat(CompressionOffer.answer(List.of(offers))).contains(ANSWER);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ",;",
        "permessage-bzip2",
        "permessage-deflate; server_max_window_bits=14",
        "permessage-deflate; server_max_window_bits",
        "permessage-deflate; server_max_window_bits=16",
        "permessage-deflate; client_max_window_bits=7",
        "permessage-deflate; client_max_window_bits=16",
        "permessage-deflate; client_max_window_bits=",
        "permessage-deflate; client_max_window_bits=010",
        "permessage-deflate; server_no_context_takeover=1",
        "permessage-deflate; client_no_context_takeover=\"\"",
        "permessage-deflate; server_no_context_takeover; server_no_context_takeover",
        "permessage-deflate; unheard_of",
        "permessage-deflate;"
      })
  void anOfferThatCannotIsLeft(String offers) {
    assertThat(CompressionOffer.answer(List.of(offers))).isEmpty();
  }

  @Test
  void theWindowThatIsAskedForIsConfirmed() {
    assertThat(CompressionOffer.answer(List.of("permessage-deflate; server_max_window_bits=15")))
        .contains(ANSWER + "; server_max_window_bits=15");
  }

  @Test
  void offersMayStandInSeveralHeaders() {
    assertThat(CompressionOffer.answer(List.of("other", "permessage-deflate"))).contains(ANSWER);
    assertThat(CompressionOffer.answer(Stream.<String>of().toList())).isEmpty();
  }
}
