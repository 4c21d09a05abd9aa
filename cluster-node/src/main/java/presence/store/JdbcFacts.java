package presence.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import javax.crypto.SecretKey;
import javax.sql.DataSource;
import presence.cluster.ClusterFacts;
import presence.cluster.ClusterSecrets;
import presence.cluster.Formation;

/// The facts of a cluster as rows of the table `presence_fact`.
final class JdbcFacts implements ClusterFacts {

  private static final String SESSION_ID_KEY = "session-id-key";
  private static final String DEVELOPMENT_TOKEN_KEY = "development-token-key";
  private static final String FORMED_AT = "formed-at";
  private static final String NODE = "node-";
  private static final String SIGN = "sign-";

  private final DataSource database;
  private final RandomGenerator random;

  JdbcFacts(DataSource database, RandomGenerator random) {
    this.database = database;
    this.random = random;
  }

  @Override
  public ClusterSecrets secrets() {
    return withConnection(connection ->
        new ClusterSecrets(
            key(connection, SESSION_ID_KEY), key(connection, DEVELOPMENT_TOKEN_KEY)));
  }

  @Override
  public Optional<Formation> formation() {
    return withConnection(
        connection -> read(connection, FORMED_AT).map(Instant::parse).map(Formation::new));
  }

  @Override
  public void formed(Formation formation, long node) {
    withConnection(connection -> {
      write(connection, FORMED_AT, formation.formedAt().toString());
      forget(connection, NODE + "%", "");
      forget(connection, SIGN + "%", SIGN + node);
      return formation;
    });
    joined(formation, node);
  }

  @Override
  public void joined(Formation formation, long node) {
    withConnection(connection -> {
      write(connection, NODE + node, formation.formedAt().toString());
      return formation;
    });
  }

  @Override
  public Optional<Formation> formationOf(Set<Long> nodes) {
    return withConnection(connection -> {
      for (var node : nodes) {
        var formedAt = read(connection, NODE + node);
        if (formedAt.isPresent()) {
          return formedAt.map(Instant::parse).map(Formation::new);
        }
      }
      return Optional.empty();
    });
  }

  @Override
  public void lives(long node, String sign) {
    withConnection(connection -> {
      write(connection, SIGN + node, sign);
      return sign;
    });
  }

  @Override
  public void ends(long node) {
    withConnection(connection -> {
      forget(connection, SIGN + node, "");
      return node;
    });
  }

  @Override
  public Map<Long, String> signsOfLife() {
    return withConnection(JdbcFacts::signs);
  }

  private static Map<Long, String> signs(Connection connection) throws SQLException {
    try (var query =
        connection.prepareStatement("SELECT name, fact FROM presence_fact WHERE name LIKE ?")) {
      query.setString(1, SIGN + "%");
      try (var rows = query.executeQuery()) {
        var signs = new HashMap<Long, String>();
        while (rows.next()) {
          signs.put(Long.parseLong(rows.getString(1).substring(SIGN.length())), rows.getString(2));
        }
        return signs;
      }
    }
  }

  private static void write(Connection connection, String name, String fact) throws SQLException {
    if (replace(connection, name, fact) == 0) {
      insertUnlessPresent(connection, name, fact);
    }
  }

  private static void forget(Connection connection, String names, String but) throws SQLException {
    try (var delete =
        connection.prepareStatement("DELETE FROM presence_fact WHERE name LIKE ? AND name <> ?")) {
      delete.setString(1, names);
      delete.setString(2, but);
      delete.executeUpdate();
    }
  }

  private SecretKey key(Connection connection, String name) throws SQLException {
    var encoded = readOrCreate(connection, name, this::randomKey);
    return ClusterSecrets.key(Base64.getDecoder().decode(encoded));
  }

  private String randomKey() {
    var bytes = new byte[ClusterSecrets.KEY_BYTES];
    random.nextBytes(bytes);
    return Base64.getEncoder().encodeToString(bytes);
  }

  /// The fact as the first writer wrote it. Whoever loses the race to insert it finds it on the
  /// second read, because the key of the table lets an insert fail only after the winner has
  /// committed.
  private static String readOrCreate(Connection connection, String name, Supplier<String> create)
      throws SQLException {
    var known = read(connection, name);
    if (known.isPresent()) {
      return known.get();
    }
    insertUnlessPresent(connection, name, create.get());
    return read(connection, name)
        .orElseThrow(() -> new IllegalStateException(name + " was just written"));
  }

  private static Optional<String> read(Connection connection, String name) throws SQLException {
    try (var query = connection.prepareStatement("SELECT fact FROM presence_fact WHERE name = ?")) {
      query.setString(1, name);
      try (var rows = query.executeQuery()) {
        return rows.next() ? Optional.of(rows.getString(1)) : Optional.empty();
      }
    }
  }

  private static void insertUnlessPresent(Connection connection, String name, String fact)
      throws SQLException {
    try (var insert =
        connection.prepareStatement("INSERT INTO presence_fact (name, fact) VALUES (?, ?)")) {
      insert.setString(1, name);
      insert.setString(2, fact);
      insert.executeUpdate();
    } catch (SQLException e) {
      if (!SqlErrors.duplicateKey(e)) {
        throw e;
      }
    }
  }

  /// @return how many rows there were, one or none
  private static int replace(Connection connection, String name, String fact) throws SQLException {
    try (var update =
        connection.prepareStatement("UPDATE presence_fact SET fact = ? WHERE name = ?")) {
      update.setString(1, fact);
      update.setString(2, name);
      return update.executeUpdate();
    }
  }

  private interface Query<T> {
    T on(Connection connection) throws SQLException;
  }

  private <T> T withConnection(Query<T> query) {
    try (var connection = database.getConnection()) {
      return query.on(connection);
    } catch (SQLException e) {
      throw new JournalUnavailable("the journal does not answer: " + SqlErrors.oneLine(e), e);
    }
  }
}
