package presence.store;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;

/// Journals for tests.
final class Journals {

  private Journals() {}

  static Journal inMemory() {
    return open(JournalLocation.parse("memory"));
  }

  static Journal in(Path directory) {
    return open(new JournalLocation.Directory(directory));
  }

  static Journal open(JournalLocation location) {
    return Journal.open(location, settings(), new SecureRandom());
  }

  static JournalSettings settings() {
    return new JournalSettings(
        2, 1, 100, 1_000, Duration.ofHours(2), Duration.ofMinutes(10), Duration.ofSeconds(2));
  }
}
