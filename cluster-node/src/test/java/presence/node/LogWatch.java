package presence.node;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/// Collects what is logged as a warning or an error while it is open, by any actor system of this
/// JVM.
public final class LogWatch implements AutoCloseable {

  private final Logger root = logback().getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
  private final List<Complaint> complaints = new CopyOnWriteArrayList<>();
  private final AppenderBase<ILoggingEvent> appender =
      new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
          if (event.getLevel().isGreaterOrEqual(Level.WARN)) {
            complaints.add(
                new Complaint(
                    event.getMDCPropertyMap().get("pekkoAddress"),
                    event.getLoggerName() + ": " + event.getFormattedMessage()));
          }
        }
      };

  /// While another thread sets logging up, there is something else in its place.
  private static LoggerContext logback() {
    while (true) {
      if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
        return context;
      }
      Thread.onSpinWait();
    }
  }

  public LogWatch() {
    appender.start();
    root.addAppender(appender);
  }

  public List<String> complaints() {
    return texts(_ -> true);
  }

  private List<String> texts(Predicate<Complaint> which) {
    return complaints.stream().filter(which).map(Complaint::text).toList();
  }

  /// Those of actor systems at these addresses, and of no actor system: what others say that an
  /// earlier test left is none of this one's business.
  public List<String> complaintsAt(Set<String> addresses) {
    return texts(each -> each.system == null || addresses.contains(each.system));
  }

  /// Those of actor systems at these addresses, and of nobody else: other tests run meanwhile.
  public List<String> saidAt(Set<String> addresses) {
    return texts(each -> each.system != null && addresses.contains(each.system));
  }

  /// Forgets what a test expected to be said.
  public void forgives(Predicate<String> expected) {
    complaints.removeIf(each -> expected.test(each.text));
  }

  private record Complaint(@Nullable String system, String text) {}

  @Override
  public void close() {
    root.detachAppender(appender);
  }
}
