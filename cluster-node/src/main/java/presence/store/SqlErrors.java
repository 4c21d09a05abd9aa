package presence.store;

import java.sql.SQLException;

/// What the errors of H2 and PostgreSQL mean to the journal.
final class SqlErrors {

  /// H2: the file belongs to another process.
  private static final int ALREADY_OPEN = 90020;

  private static final String DUPLICATE_KEY = "23505";

  private SqlErrors() {}

  static boolean duplicateKey(SQLException e) {
    return DUPLICATE_KEY.equals(e.getSQLState());
  }

  /// Why a journal cannot be opened and what to do, in one line.
  static String whyUnavailable(JournalLocation location, SQLException e) {
    return switch (location) {
      case JournalLocation.Directory _ when e.getErrorCode() == ALREADY_OPEN ->
          "%s is in use by another process: stop it, or choose another directory"
              .formatted(location);
      case JournalLocation.Directory(var path) ->
          "%s cannot be read (%s): check the directory's permissions; restore %s from a backup if it is damaged, or move it away to start empty"
              .formatted(location, oneLine(e), path.resolve("journal.mv.db"));
      case JournalLocation.Memory _ -> "cannot be opened: " + oneLine(e);
      case JournalLocation.Postgres _ ->
          "%s does not answer (%s): check host, database, user and password"
              .formatted(location, oneLine(e));
    };
  }

  /// The first line of a message, without the statement H2 appends.
  static String oneLine(SQLException e) {
    var message = String.valueOf(e.getMessage());
    return message.lines().findFirst().orElse("").replaceFirst("; SQL statement:.*", "").strip();
  }
}
