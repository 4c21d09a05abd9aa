package presence.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.AppenderBase;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;
import presence.testkit.SharedProcess;

/// Whatever is logged, at any level, by us or by a library: no secret is in it.
@SharedProcess
@Timeout(120)
class LoggedSecretsTest {
  private static final String ADMIN = "canary-of-the-operators";
  private static final String JWT_SECRET = "canary-that-signs-all-tokens-of-the-issuer";
  private static final String LEVEL = "pekko.loglevel";

  private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
  private final List<Appender<ILoggingEvent>> usual = new ArrayList<>();
  private final Queue<String> lines = new ConcurrentLinkedQueue<>();
  private final Level usualLevel = root.getLevel();
  private final AppenderBase<ILoggingEvent> everything =
      new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
          String failure =
              event.getThrowableProxy() == null
                  ? ""
                  : ThrowableProxyUtil.asString(event.getThrowableProxy());
          lines.add(
              "%s %s %s %s %s"
                  .formatted(
                      event.getLevel(),
                      event.getLoggerName(),
                      event.getFormattedMessage(),
                      event.getMDCPropertyMap(),
                      failure));
        }
      };

  @BeforeEach
  void hearsEverything() {
    root.iteratorForAppenders().forEachRemaining(usual::add);
    usual.forEach(root::detachAppender);
    everything.start();
    root.addAppender(everything);
    root.setLevel(Level.TRACE);
    System.setProperty(LEVEL, "DEBUG");
  }

  @AfterEach
  void hearsTheUsual() {
    System.clearProperty(LEVEL);
    root.setLevel(usualLevel);
    root.detachAppender(everything);
    usual.forEach(root::addAppender);
  }

  @Test
  void noneIsInAnyLine() {
    List<String> secrets = new ArrayList<>(List.of(ADMIN, JWT_SECRET, "canary-of-a-stranger"));
    try (LiveNode node =
        LiveNode.with("PRESENCE_ADMIN_TOKEN", ADMIN, "PRESENCE_JWT_SECRET", JWT_SECRET)) {
      secrets.addAll(live(node));
    }
    assertThat(lines).hasSizeGreaterThan(100);
    assertThat(lines.stream().filter(line -> line.startsWith("DEBUG presence.session")))
        .anyMatch(line -> line.contains("Attached") && line.matches(".*session=\\S{8}\\W.*"));
    for (String secret : secrets) {
      assertThat(lines.stream().filter(line -> line.contains(secret)))
          .as("lines with %s", secret)
          .isEmpty();
    }
  }

  /// Somebody comes, writes, is lost, comes back, and is thrown out.
  ///
  /// @return what they would not like to read in a log
  private static List<String> live(LiveNode node) {
    List<String> secrets = new ArrayList<>(List.of("canary-in-a-letter", "canary-in-the-room"));
    String token = node.token("@ann");
    secrets.add(token);
    secrets.add(token.substring(token.lastIndexOf('.') + 1));
    Client ann = node.connect();
    ann.say("{'type':'hello','protocol':1,'token':'%s'}".formatted(token));
    String resume = ann.await("welcome").get("resume").asText();
    secrets.add(resume);
    secrets.add(resume.substring(resume.lastIndexOf('.') + 1));
    node.person("@bob");
    ann.join("chat-canaries");
    ann.say(
        "{'type':'chat:message','instance':'chat-canaries','text':'canary-in-the-room',"
            + "'clientMessageId':'m1'}");
    ann.await("chat:message");
    ann.say("{'type':'dm:send','to':'@bob','text':'canary-in-a-letter','clientMessageId':'m2'}");
    ann.await("dm:accepted");
    ann.drop();
    Client again = node.connect();
    again.say("{'type':'hello','protocol':1,'resume':{'token':'%s'}}".formatted(resume));
    secrets.add(again.await("welcome").get("resume").asText());
    Client liar = node.connect();
    liar.say("{'type':'hello','protocol':1,'token':'%sx'}".formatted(token));
    liar.await("error");
    node.post("/v1/admin/kick", "{\"user\":\"@ann\"}", "Authorization", "Bearer " + ADMIN);
    node.post("/v1/admin/kick", "{}", "Authorization", "Bearer canary-of-a-stranger");
    node.get("/v1/admin/overview", "Authorization", "Bearer " + ADMIN);
    return secrets;
  }
}
