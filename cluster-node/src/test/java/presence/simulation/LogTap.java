package presence.simulation;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;
import org.slf4j.helpers.MessageFormatter;

/// While a world is open, its thread's log goes into the trace instead of to the console: a run
/// fails writes by the hundred, and what matters of it is where in the run it was said.
final class LogTap extends TurboFilter {

  private final Thread owner = Thread.currentThread();
  private final Trace trace;
  private final BiConsumer<String, @Nullable Throwable> errors;

  /// @param errors told of everything that is logged as an error
  LogTap(Trace trace, BiConsumer<String, @Nullable Throwable> errors) {
    this.trace = trace;
    this.errors = errors;
  }

  void open() {
    context().addTurboFilter(this);
  }

  void close() {
    context().getTurboFilterList().remove(this);
  }

  @Override
  public FilterReply decide(
      @Nullable Marker marker,
      Logger logger,
      Level level,
      @Nullable String format,
      Object @Nullable [] arguments,
      @Nullable Throwable thrown) {
    if (!Thread.currentThread().equals(owner)) {
      return FilterReply.NEUTRAL;
    }
    if (level.isGreaterOrEqual(Level.WARN) && format != null) {
      var said = MessageFormatter.arrayFormat(format, arguments);
      if (level.isGreaterOrEqual(Level.ERROR)) {
        errors.accept(said.getMessage(), thrown == null ? said.getThrowable() : thrown);
      } else {
        trace.note("WARN %s", said.getMessage());
      }
    }
    // Asked without a message, this is "would it be logged?".
    return level.isGreaterOrEqual(Level.WARN) && format == null
        ? FilterReply.NEUTRAL
        : FilterReply.DENY;
  }

  private static LoggerContext context() {
    return (LoggerContext) LoggerFactory.getILoggerFactory();
  }
}
