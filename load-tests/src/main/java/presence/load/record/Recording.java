package presence.load.record;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// What was written down of one client.
public record Recording(Line.Client client, List<Line> lines) {
  private static final ObjectReader JSON = new ObjectMapper().readerFor(Line.class);

  /// The clients of a run, by the names of their files.
  public static List<Recording> ofAll(Path directory) {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(file -> file.toString().endsWith(".jsonl") && !file.endsWith(Line.RUN))
          .sorted()
          .map(Recording::of)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The marks of a run; none if it kept no file of its own.
  public static List<Line.Mark> marks(Path directory) {
    Path file = directory.resolve(Line.RUN);
    return Files.exists(file) ? read(file).stream().map(Line.Mark.class::cast).toList() : List.of();
  }

  private static Recording of(Path file) {
    List<Line> lines = read(file);
    if (lines.isEmpty() || !(lines.getFirst() instanceof Line.Client client)) {
      throw new IllegalArgumentException(file + " does not begin with a line `client`");
    }
    return new Recording(client, lines);
  }

  private static List<Line> read(Path file) {
    try (Stream<String> lines = Files.lines(file)) {
      return lines.map(Recording::line).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Line line(String text) {
    try {
      return JSON.readValue(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("no line of a recording: " + text, e);
    }
  }
}
