package presence.load.record;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.function.LongFunction;

/// Writes one file of [Line]s, from any thread.
public final class Recorder implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final InstantSource clock;
  private final Writer file;
  private boolean closed;

  private Recorder(InstantSource clock, Writer file) {
    this.clock = clock;
    this.file = file;
  }

  /// Begins a file; there must be none of this name.
  public static Recorder create(Path file, InstantSource clock) {
    try {
      return new Recorder(clock, Files.newBufferedWriter(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Writes a line with the time it is now.
  public synchronized void write(LongFunction<Line> at) {
    try {
      append(JSON.writeValueAsString(at.apply(clock.millis())));
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Writes a frame as it came in. What is no JSON is kept as a string.
  public synchronized void frame(String text) {
    String value = text.startsWith("{") || text.startsWith("[") ? text : quoted(text);
    append("{\"is\":\"frame\",\"at\":%d,\"frame\":%s}".formatted(clock.millis(), value));
  }

  private static String quoted(String text) {
    return JSON.getNodeFactory().textNode(text).toString();
  }

  private void append(String line) {
    if (closed) {
      return;
    }
    try {
      file.append(line).append('\n');
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// What comes later is not written any more.
  @Override
  public synchronized void close() {
    closed = true;
    try {
      file.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
