package presence.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What lives on a JVM's heap, by whose classes it is.
///
/// A class says who made an object, not who holds it: strings, arrays and collections stand by
/// themselves, whoever uses them.
///
/// @param bytes of all live objects
public record HeapHistogram(long bytes, Map<Owner, Long> byOwner) {
  private static final Pattern ROW =
      Pattern.compile("\\s*\\d+:\\s+\\d+\\s+(\\d+)\\s+(\\S+)(\\s+\\(.*\\))?");

  /// Who made an object; the first whose prefix the class has.
  public enum Owner {
    OURS("our own classes", "presence."),
    HTTP(
        "Pekko HTTP, streams, sockets",
        "org.apache.pekko.http.",
        "org.apache.pekko.stream.",
        "org.apache.pekko.io.",
        "org.apache.pekko.util.ByteString",
        "sun.nio.",
        "java.nio.",
        "java.net.",
        "sun.net."),
    ACTORS("Pekko actors, sharding, persistence", "org.apache.pekko."),
    JOURNAL("journal (H2, its pool, Slick)", "org.h2.", "com.zaxxer.", "slick."),
    COLLECTIONS(
        "strings, arrays, collections",
        "java.lang.",
        "java.util.",
        "java.time.",
        "scala.",
        "org.pcollections.",
        "["),
    OTHER("everything else", "");

    private final String title;
    private final List<String> prefixes;

    Owner(String title, String... prefixes) {
      this.title = title;
      this.prefixes = List.of(prefixes);
    }

    String title() {
      return title;
    }

    static Owner of(String className) {
      String element = element(className);
      for (Owner owner : values()) {
        if (owner.prefixes.stream().anyMatch(element::startsWith)) {
          return owner;
        }
      }
      return OTHER;
    }

    /// An array of objects belongs to who made their class; one of numbers stays what it is.
    private static String element(String className) {
      int dimensions = className.lastIndexOf('[') + 1;
      return dimensions > 0 && className.charAt(dimensions) == 'L'
          ? className.substring(dimensions + 1)
          : className;
    }
  }

  /// Reads what `jcmd PID GC.class_histogram` prints.
  static HeapHistogram parse(List<String> lines) {
    Map<Owner, Long> byOwner = new EnumMap<>(Owner.class);
    long bytes = 0;
    for (String line : lines) {
      Matcher row = ROW.matcher(line);
      if (row.matches()) {
        long size = Long.parseLong(row.group(1));
        bytes += size;
        byOwner.merge(Owner.of(row.group(2)), size, Long::sum);
      }
    }
    if (bytes == 0) {
      throw new IllegalArgumentException("no histogram: " + String.join("\n", lines));
    }
    return new HeapHistogram(bytes, byOwner);
  }

  /// What lives in this JVM now, after full collections.
  public static HeapHistogram of(long pid) {
    jcmd(pid, "GC.run"); // what the first collection finds out, the second one frees
    return parse(jcmd(pid, "GC.class_histogram"));
  }

  private static List<String> jcmd(long pid, String command) {
    String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    try {
      Process process =
          new ProcessBuilder(jcmd, Long.toString(pid), command).redirectErrorStream(true).start();
      try (var output = process.inputReader(StandardCharsets.UTF_8)) {
        return output.lines().toList();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  long bytes(Owner owner) {
    return byOwner.getOrDefault(owner, 0L);
  }
}
