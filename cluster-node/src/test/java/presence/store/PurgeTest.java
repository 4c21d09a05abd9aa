package presence.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.persistence.typed.DeleteEventsCompleted;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.javadsl.CommandHandler;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehavior;
import org.apache.pekko.persistence.typed.javadsl.RetentionCriteria;
import org.apache.pekko.persistence.typed.javadsl.SignalHandler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import presence.cluster.Last;
import presence.cluster.Remote;

@Timeout(60)
class PurgeTest {

  private final JournalLocation location = JournalLocation.parse("memory");
  private final Journal journal = Journals.open(location);
  private final ActorTestKit kit = ActorTestKit.create("purge", config(journal));

  @AfterEach
  void stop() {
    kit.shutdownTestKit();
    journal.close();
  }

  @Test
  void whatAnEndedEntityLeftIsDeletedAfterTheRetentionAndNotBefore() throws SQLException {
    tell("ended", new Said("a"), new Said("b"), new Ended());

    assertThat(journal.purge(longAgo())).isZero();
    assertThat(rows("event_journal", "ended")).isEqualTo(3);

    assertThat(journal.purge(soon())).isEqualTo(1);
    assertThat(rows("event_journal", "ended")).isZero();
    assertThat(rows("snapshot", "ended")).isZero();
  }

  @Test
  void anEntityThatLivesIsLeftAlone() throws SQLException {
    tell("alive", new Said("a"), new Said("b"));

    assertThat(journal.purge(soon())).isZero();
    assertThat(rows("event_journal", "alive")).isEqualTo(2);
  }

  @Test
  void anEntityThatIsUsedAgainKeepsItsEventsAndContinuesItsSequence() throws SQLException {
    tell("again", new Said("a"), new Ended());

    assertThat(tell("again", new Said("b"))).isEqualTo(3);
    assertThat(journal.purge(soon())).isZero();
    assertThat(rows("event_journal", "again")).isEqualTo(3);
  }

  /// What the plugin leaves of deleted events: the newest of them, marked. The sequence number
  /// rests on it.
  @Test
  void aDeletionUpToTheLastEventLeavesOneRowThatKeepsTheSequenceNumber() throws SQLException {
    var deleted = kit.<Done>createTestProbe();
    var retention = RetentionCriteria.snapshotEvery(3, 1).withDeleteEventsOnSnapshot();
    var entity = spawn("retained", retention, deleted.getRef());
    for (var n = 0; n < 6; n++) {
      persist(entity, new Said("x"));
    }
    deleted.receiveMessage();
    execute("DELETE FROM snapshot");
    execute("DELETE FROM event_journal WHERE sequence_number > 3");
    assertThat(rows("event_journal", "retained")).isEqualTo(1);
    assertThat(count("SELECT COUNT(*) FROM event_journal WHERE deleted")).isEqualTo(1);
    kit.stop(entity);

    assertThat(tell("retained", new Said("y"))).isEqualTo(4);
  }

  @Test
  void afterTheRetentionASequenceBeginsAnew() throws SQLException {
    tell("anew", new Said("a"), new Ended());
    journal.purge(soon());

    assertThat(tell("anew", new Said("b"))).isEqualTo(1);
  }

  /// Persists the events with an incarnation of its own and returns the last sequence number.
  private long tell(String id, Event... events) {
    var entity = spawn(id, RetentionCriteria.disabled(), kit.<Done>createTestProbe().getRef());
    var sequenceNr = 0L;
    for (var event : events) {
      sequenceNr = persist(entity, event);
    }
    kit.stop(entity);
    return sequenceNr;
  }

  private ActorRef<Persist> spawn(String id, RetentionCriteria retention, ActorRef<Done> deleted) {
    return kit.spawn(Behaviors.setup(context -> new Entity(context, id, retention, deleted)));
  }

  private long persist(ActorRef<Persist> entity, Event event) {
    var reply = kit.<Long>createTestProbe();
    entity.tell(new Persist(event, reply.getRef()));
    return reply.receiveMessage(Duration.ofSeconds(20));
  }

  private static Instant soon() {
    return Instant.now().plusSeconds(60);
  }

  private static Instant longAgo() {
    return Instant.now().minusSeconds(60);
  }

  private int rows(String table, String id) throws SQLException {
    return count("SELECT COUNT(*) FROM %s WHERE persistence_id = '%s'".formatted(table, id));
  }

  private int count(String sql) throws SQLException {
    try (var connection = DriverManager.getConnection(location.jdbcUrl());
        var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getInt(1);
    }
  }

  private void execute(String sql) throws SQLException {
    try (var connection = DriverManager.getConnection(location.jdbcUrl());
        var statement = connection.createStatement()) {
      statement.executeUpdate(sql);
    }
  }

  private static Config config(Journal journal) {
    return ConfigFactory.parseString("pekko.fail-mixed-versions = off")
        .withFallback(journal.config())
        .withFallback(ConfigFactory.defaultReference())
        .resolve();
  }

  sealed interface Event extends Remote {}

  record Said(String what) implements Event {}

  record Ended() implements Event, Last {}

  record Persist(Event event, ActorRef<Long> replyTo) {}

  record State(int events) implements Remote {}

  /// Persists what it is told and answers with the sequence number.
  static final class Entity extends EventSourcedBehavior<Persist, Event, State> {

    private final RetentionCriteria retention;
    private final ActorRef<Done> deleted;

    private final ActorContext<Persist> context;

    Entity(
        ActorContext<Persist> context,
        String id,
        RetentionCriteria retention,
        ActorRef<Done> deleted) {
      super(PersistenceId.ofUniqueId(id));
      this.context = context;
      this.retention = retention;
      this.deleted = deleted;
    }

    @Override
    public State emptyState() {
      return new State(0);
    }

    @Override
    public CommandHandler<Persist, Event, State> commandHandler() {
      return (_, command) ->
          Effect()
              .persist(command.event())
              .thenRun(() -> command.replyTo().tell(lastSequenceNumber(context)));
    }

    @Override
    public EventHandler<State, Event> eventHandler() {
      return (state, _) -> new State(state.events() + 1);
    }

    @Override
    public Set<String> tagsFor(Event event) {
      return Last.tags(event);
    }

    @Override
    public RetentionCriteria retentionCriteria() {
      return retention;
    }

    @Override
    public SignalHandler<State> signalHandler() {
      return newSignalHandlerBuilder()
          .onSignal(DeleteEventsCompleted.class, (_, _) -> deleted.tell(Done.getInstance()))
          .build();
    }
  }
}
