package presence.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;
import presence.testkit.SharedProcess;

/// The log as a node writes it; tests have a configuration of their own.
@SharedProcess
class LoggingTest {
  private static final URL CONFIGURATION =
      Objects.requireNonNull(LoggingTest.class.getResource("/logback.xml"));

  /// The lines that come of what is logged.
  private static List<String> logged(String format, Consumer<Logger> logs) throws Exception {
    PrintStream out = System.out;
    ByteArrayOutputStream written = new ByteArrayOutputStream();
    LoggerContext context = new LoggerContext();
    context.setMDCAdapter(MDC.getMDCAdapter());
    context.putProperty("presence.log", format);
    System.setOut(new PrintStream(written, true, StandardCharsets.UTF_8));
    try {
      JoranConfigurator configurator = new JoranConfigurator();
      configurator.setContext(context);
      configurator.doConfigure(CONFIGURATION);
      logs.accept(context.getLogger("presence.example"));
    } finally {
      context.stop();
      System.setOut(out);
    }
    return written.toString(StandardCharsets.UTF_8).lines().toList();
  }

  private static void logsTwice(Logger log) {
    try (var _ = MDC.putCloseable("session", "abcdefgh")) {
      log.info("Somebody said \"{}\"", "one\ntwo");
    }
    log.warn("It failed", new IllegalStateException("because"));
  }

  @Test
  void asJsonEveryEventIsOneObjectOnOneLine() throws Exception {
    List<String> lines = logged("json", LoggingTest::logsTwice);

    assertThat(lines).hasSize(2);
    JsonNode said = new JsonMapper().readTree(lines.getFirst());
    assertThat(said.get("level").asText()).isEqualTo("INFO");
    assertThat(said.get("loggerName").asText()).isEqualTo("presence.example");
    assertThat(said.get("formattedMessage").asText()).isEqualTo("Somebody said \"one\ntwo\"");
    assertThat(said.at("/mdc/session").asText()).isEqualTo("abcdefgh");
    assertThat(said.get("timestamp").isNumber()).isTrue();
    JsonNode failed = new JsonMapper().readTree(lines.getLast());
    assertThat(failed.at("/throwable/message").asText()).isEqualTo("because");
  }

  @Test
  void asTextItIsForPeople() throws Exception {
    List<String> lines = logged("text", LoggingTest::logsTwice);

    assertThat(lines.getFirst()).endsWith("INFO  example [abcdefgh]: Somebody said \"one");
    assertThat(lines.get(2)).endsWith("WARN  example: It failed");
  }

  @Test
  void anotherFormatIsRefused() {
    assertThatThrownBy(() -> NodeConfig.load(Map.of("PRESENCE_LOG", "xml")))
        .isInstanceOf(ConfigurationError.class)
        .hasMessageContaining("PRESENCE_LOG")
        .hasMessageContaining("text or json");
  }
}
