package presence.ops;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Properties;

/// What was built: the version and the commit, written into the jar by the build.
public record Build(String version, String commit) {

  /// The build this class comes from.
  public static Build current() {
    var properties = new Properties();
    try (var in = Build.class.getResourceAsStream("build.properties")) {
      if (in != null) {
        properties.load(in);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Build(
        properties.getProperty("version", "unknown"), properties.getProperty("commit", "unknown"));
  }
}
