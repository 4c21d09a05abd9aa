package presence.load.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/// What can be sent to a process that Java has no method for.
enum Signal {
  /// Freezes the process: it keeps its sockets and its memory and does nothing.
  STOP,
  /// Ends [#STOP].
  CONT;

  /// Sends the signal to these processes, in order; those that ended meanwhile do not count.
  void send(LongStream pids) {
    List<String> command =
        Stream.concat(Stream.of("kill", "-" + name()), pids.mapToObj(Long::toString)).toList();
    try {
      new ProcessBuilder(command).redirectErrorStream(true).start().waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
