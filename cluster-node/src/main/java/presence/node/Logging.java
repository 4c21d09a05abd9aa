package presence.node;

import com.typesafe.config.Config;
import org.slf4j.LoggerFactory;

/// How a node writes its log. The back end reads `logback.xml` at the first line, and there finds
/// what the configuration says.
final class Logging {
  private static final String FORMAT = "presence.log";

  private Logging() {}

  /// Checks the setting.
  static void check(Config presence) {
    String format = presence.getString("log");
    if (!format.equals("text") && !format.equals("json")) {
      throw Settings.error(
          presence, "log", "\"%s\" is not valid, write text or json".formatted(format));
    }
  }

  /// Begins to log. Were it the actor system that uses SLF4J first, the loggers of its first
  /// threads would be lost.
  static void begin(Config presence) {
    System.setProperty(FORMAT, presence.getString("log"));
    LoggerFactory.getLogger(Main.class).debug("Logging begins");
  }
}
