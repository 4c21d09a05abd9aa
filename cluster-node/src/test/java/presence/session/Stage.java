package presence.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.jspecify.annotations.Nullable;
import presence.auth.Principal;
import presence.cluster.Formation;
import presence.instance.ChatInstance;
import presence.instance.Pieces;
import presence.protocol.ErrorCode;
import presence.protocol.Handle;
import presence.protocol.Position;
import presence.protocol.Setting;
import presence.session.Notice.Attached;
import presence.session.SessionState.Open;
import presence.testkit.Entity;
import presence.testkit.Recorder;
import presence.testkit.TestSystem;
import presence.user.Delivery;
import presence.user.MailCommand;
import presence.user.MailWords;
import presence.user.Register;
import presence.user.Silence;
import presence.user.User;
import presence.world.World;

/// A session under test: instances and persons only write down what it tells them, and answer when
/// the test says so.
final class Stage implements AutoCloseable {
  static final Principal ANN = new Principal.User(Handle.of("@ann"));
  static final Principal BOB = new Principal.User(Handle.of("@bob"));
  static final Principal KEY = new Principal.Key("ab01".repeat(16), "cd02".repeat(16));
  static final Principal NOBODY = new Principal.Anonymous();
  static final Profile.Update NOTHING = new Profile.Update(null, null, null, null);
  static final Duration GRACE = Duration.ofSeconds(90);
  static final SessionLimits LIMITS =
      new SessionLimits(
          GRACE,
          Duration.ofSeconds(5),
          Duration.ofMillis(500),
          Duration.ofSeconds(8),
          3,
          2,
          3,
          4,
          MailWords.LIMITS,
          new Rate(60, Duration.ofMinutes(1), 2),
          new Rate(60, Duration.ofMinutes(1), 3),
          new Rate(20, Duration.ofSeconds(1), 2),
          new Rate(10, Duration.ofSeconds(1), 5),
          new Rate(60, Duration.ofMinutes(1), 2));

  final TestSystem system;
  final Recorder<ChatInstance.Command> instances = new Recorder<>();
  final Recorder<World.Command> worlds = new Recorder<>();
  final Recorder<User.Command> users = new Recorder<>();
  final Recorder<User.Command> mailboxes = new Recorder<>();
  final Recorder<SessionCommand> sessions = new Recorder<>();
  final Recorder<Register.Command> registers = new Recorder<>();
  final TestProbe<ClusterSharding.ShardCommand> shard;
  final TestProbe<Notice> connection;
  final Entity<SessionCommand, SessionEvent, SessionState> entity;
  private final WordFilter filter;
  private @Nullable Silence silence;
  private long seq;
  private long number;

  Stage(TestSystem system) {
    this(system, WordFilter.NONE);
  }

  Stage(TestSystem system, WordFilter filter) {
    this.system = system;
    this.filter = filter;
    this.shard = system.probe();
    this.connection = system.probe();
    this.entity = new Entity<>(system, "session", id -> formedAt(id, Instant.EPOCH));
  }

  private Behavior<SessionCommand> formedAt(PersistenceId id, Instant formedAt) {
    return UserSession.create(
        "s1",
        id,
        new SessionSurroundings(
            LIMITS,
            system,
            new Formation(formedAt),
            new Pieces(Map.of()),
            instances,
            worlds,
            new Doors(sessions, this::tellPerson, registers),
            filter,
            SessionSurroundings.Meters.NONE,
            shard.getRef()));
  }

  /// What concerns mail is written down apart.
  private void tellPerson(String person, User.Command command) {
    (command instanceof MailCommand ? mailboxes : users).tell(person, command);
  }

  /// All nodes die, and a new cluster is formed after a while.
  void outage(Duration time) {
    entity.kill();
    system.passes(time);
    Instant formedAt = system.instant();
    entity.restartAs(id -> formedAt(id, formedAt));
  }

  /// Its node dies, and it lives again on another one after a while.
  void isAway(Duration time) {
    entity.kill();
    system.passes(time);
    entity.start();
  }

  SessionCommand.Attach attach(Opening opening, String hash, TestProbe<Notice> by) {
    return new SessionCommand.Attach(opening, NOTHING, hash, by.getRef());
  }

  Attached attaches(Opening opening, String hash, TestProbe<Notice> by) {
    entity.tell(attach(opening, hash, by));
    return by.expectMessageClass(Attached.class);
  }

  /// A connection asks, gets no answer, and asks again.
  Attached insists(Opening opening, String hash, TestProbe<Notice> by) {
    entity.tell(attach(opening, hash, by));
    system.passes(Duration.ofSeconds(1));
    return attaches(opening, hash, by);
  }

  /// A first connection opens the session of this principal.
  Attached opens(Principal principal) {
    return attaches(new Opening.Fresh(principal), "t1", connection);
  }

  /// A first connection opens a session and joins instances, and everybody knows.
  void opens(Principal principal, String... joining) {
    opens(principal);
    for (String instance : joining) {
      orders(new Action.Join(instance));
      acknowledges();
      connection.expectMessageClass(Notice.Done.class);
    }
    acknowledges();
  }

  SessionCommand.Order order(Action action) {
    return new SessionCommand.Order(
        open().lease().epoch(), ++number, false, action, connection.getRef());
  }

  /// The connection orders something, and gets the number of the order.
  long orders(Action action) {
    entity.tell(order(action));
    return number;
  }

  void refused(long order, ErrorCode code) {
    Notice.Refused refused = connection.expectMessageClass(Notice.Refused.class);
    assertThat(refused.number()).isEqualTo(order);
    assertThat(refused.code()).isEqualTo(code);
  }

  void done(long order, @Nullable Position at) {
    connection.expectMessage(new Notice.Done(order, at));
  }

  static Action.Move to(@Nullable String location) {
    return new Action.Move(Setting.to(location), null);
  }

  /// The person says this with every receipt from now on.
  void isMuted(Silence told) {
    silence = told;
  }

  /// Everybody who was told something acknowledges it; returns what instances were told.
  List<Recorder.Told<ChatInstance.Command>> acknowledges() {
    List<Recorder.Told<ChatInstance.Command>> told = instances.take();
    told.forEach(each -> {
      if (each.command() instanceof ChatInstance.Report report) {
        acknowledges(each.id(), report);
      }
    });
    users
        .take()
        .forEach(each -> {
          if (each.command() instanceof User.Report report) {
            report.replyTo().tell(new User.Receipt(each.id(), report.n(), silence));
          }
        });
    answersCollecting();
    return told;
  }

  /// The person's mailbox says what it has for the session, if it was asked.
  void answersCollecting(Delivery... deliveries) {
    for (MailCommand.Collect asked : mailboxes.take(MailCommand.Collect.class)) {
      entity.tell(new SessionCommand.Push(List.of(deliveries), asked.number()));
    }
    entity.rest();
  }

  Position acknowledges(String instance, ChatInstance.Report report) {
    Position at = new Position(1_000, ++seq);
    report.replyTo().tell(new ChatInstance.Recorded(instance, report.seat().n(), at));
    entity.rest();
    return at;
  }

  /// The one word that was told to an instance since the last look.
  ChatInstance.Report word() {
    List<ChatInstance.Report> words = instances.take(ChatInstance.Report.class);
    assertThat(words).hasSize(1);
    return words.getFirst();
  }

  /// Nobody has been told anything since the last look.
  void nobodyHears() {
    assertThat(instances.take()).isEmpty();
    assertThat(users.take()).isEmpty();
  }

  Open open() {
    SessionState state = entity.state();
    assertThat(state).isInstanceOf(Open.class);
    return (Open) state;
  }

  Lease.Phase phase() {
    return open().lease().phase();
  }

  void isOnline() {
    assertThat(phase()).isEqualTo(new Lease.Online());
  }

  void isLeasedUntil(Instant deadline) {
    assertThat(phase())
        .isInstanceOfSatisfying(
            Lease.Leased.class,
            leased -> assertThat(leased.deadline()).isEqualTo(deadline.toEpochMilli()));
  }

  void isAbsent() {
    assertThat(entity.state()).isInstanceOf(SessionState.Absent.class);
  }

  void leavesMemory() {
    shard.expectMessage(new ClusterSharding.Passivate<>(entity.ref()));
  }

  @Override
  public void close() {
    entity.close();
  }
}
