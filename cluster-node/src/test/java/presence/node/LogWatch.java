package presence.node;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.LoggerFactory;

/// Collects what is logged as a warning or an error while it is open.
public final class LogWatch implements AutoCloseable {

  private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
  private final List<String> complaints = new CopyOnWriteArrayList<>();
  private final AppenderBase<ILoggingEvent> appender =
      new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
          if (event.getLevel().isGreaterOrEqual(Level.WARN)) {
            complaints.add(event.getLoggerName() + ": " + event.getFormattedMessage());
          }
        }
      };

  public LogWatch() {
    appender.start();
    root.addAppender(appender);
  }

  public List<String> complaints() {
    return complaints;
  }

  @Override
  public void close() {
    root.detachAppender(appender);
  }
}
