package presence.store;

import java.nio.file.Path;
import java.util.UUID;

/// Where a journal lies: what `PRESENCE_JOURNAL` says.
public sealed interface JournalLocation {

  /// What a location may look like, for error messages.
  String FORMS = "h2:DIR, memory, or jdbc:postgresql://HOST/DATABASE?user=NAME&password=SECRET";

  /// DB_CLOSE_DELAY: the database stays open while no connection is. DB_CLOSE_ON_EXIT: the node
  /// closes it after its actors, not H2 at the first sign of a shutdown. WRITE_DELAY: a commit is
  /// handed to the operating system before it is acknowledged; with H2's default of 500 ms,
  /// acknowledged writes die with the process.
  String H2_FLAGS =
      ";DB_CLOSE_DELAY=-1;DB_CLOSE_ON_EXIT=FALSE;DATABASE_TO_UPPER=false;WRITE_DELAY=0";

  /// The URL for the driver, with every flag the journal relies on.
  String jdbcUrl();

  /// Whether several nodes can use it at the same time.
  boolean shared();

  /// Reads a location; every `memory` is a new one.
  ///
  /// @throws IllegalArgumentException if it is none of [#FORMS]
  static JournalLocation parse(String text) {
    if (text.equals("memory")) {
      return new Memory("journal-" + UUID.randomUUID());
    }
    if (text.startsWith("h2:") && text.length() > "h2:".length() && !text.contains(";")) {
      return new Directory(Path.of(text.substring("h2:".length())));
    }
    if (text.startsWith("jdbc:postgresql:")) {
      return new Postgres(text);
    }
    throw new IllegalArgumentException("must be " + FORMS);
  }

  /// A directory of this machine; one node at a time.
  record Directory(Path path) implements JournalLocation {

    @Override
    public String jdbcUrl() {
      return "jdbc:h2:file:" + path.toAbsolutePath().normalize().resolve("journal") + H2_FLAGS;
    }

    @Override
    public boolean shared() {
      return false;
    }

    @Override
    public String toString() {
      return "h2:" + path;
    }
  }

  /// Memory of this process, gone when the node stops.
  record Memory(String name) implements JournalLocation {

    @Override
    public String jdbcUrl() {
      return "jdbc:h2:mem:" + name + H2_FLAGS;
    }

    @Override
    public boolean shared() {
      return false;
    }

    @Override
    public String toString() {
      return "memory";
    }
  }

  /// A PostgreSQL database, shared by the nodes of a cluster.
  record Postgres(String url) implements JournalLocation {

    /// Defaults the URL may override. reWriteBatchedInserts: a batch of events is one statement.
    /// socketTimeout, in seconds: a server that vanished without a FIN must not hold a connection
    /// for ever; longer than the journal waits for a write.
    private static final String DRIVER_FLAGS =
        "?ApplicationName=presence&reWriteBatchedInserts=true&tcpKeepAlive=true&connectTimeout=10&socketTimeout=30";

    @Override
    public String jdbcUrl() {
      return url.contains("?") ? url.replaceFirst("\\?", DRIVER_FLAGS + "&") : url + DRIVER_FLAGS;
    }

    @Override
    public boolean shared() {
      return true;
    }

    /// Without the parameters: the password is one of them.
    @Override
    public String toString() {
      return url.replaceFirst("\\?.*", "");
    }
  }
}
