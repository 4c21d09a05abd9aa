package presence.workspace;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.apache.pekko.actor.testkit.typed.javadsl.FishingOutcomes;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import presence.cluster.Last;
import presence.protocol.Position;
import presence.testkit.Entity;
import presence.testkit.Recorder;
import presence.testkit.TestSystem;
import presence.testkit.TestSystemExtension;
import presence.workspace.WorkspaceCommand.Answer;
import presence.workspace.WorkspaceCommand.Changes;
import presence.workspace.WorkspaceCommand.Counted;
import presence.workspace.WorkspaceCommand.Cut;
import presence.workspace.WorkspaceCommand.Delivery;
import presence.workspace.WorkspaceCommand.Done;
import presence.workspace.WorkspaceCommand.Feed;
import presence.workspace.WorkspaceCommand.Refusal;
import presence.workspace.WorkspaceCommand.Refused;
import presence.workspace.WorkspaceCommand.SessionShown;
import presence.workspace.WorkspaceCommand.Shown;

@ExtendWith(TestSystemExtension.class)
@Timeout(30)
class WorkspaceTest {
  private static final Duration SILENCE = Duration.ofMillis(50);

  private final TestSystem system;
  private final Recorder<Client.Command> clients = new Recorder<>();
  private final TestProbe<Answer> route;
  private final TestProbe<Client.Command> client;
  private final TestProbe<ClusterSharding.ShardCommand> shard;
  private final Entity<WorkspaceCommand, WorkspaceEvent, WorkspaceState> workspace;

  WorkspaceTest(TestSystem system) {
    this.system = system;
    route = system.probe();
    client = system.probe();
    shard = system.probe();
    workspace =
        new Entity<>(
            system,
            "workspace",
            id -> Workspace.create("w", id, Limits.LIMITS, system, clients, shard.getRef()));
  }

  @AfterEach
  void stop() {
    workspace.close();
  }

  private Answer holds(String who, long n) {
    workspace.tell(new WorkspaceCommand.Hold(who, n, "/w", null, route.getRef()));
    return route.receiveMessage();
  }

  private WorkspaceCommand.Attach attach(
      String who, long n, @Nullable Position since, TestProbe<Feed> stream) {
    return new WorkspaceCommand.Attach(who, n, since, stream.getRef(), null);
  }

  /// A stream that has got everything there is.
  private TestProbe<Feed> attached(String who, long n) {
    TestProbe<Feed> stream = system.probe();
    workspace.tell(attach(who, n, null, stream));
    stream.expectMessage(new Counted(workspace.ref()));
    stream.expectMessageClass(Cut.class);
    return stream;
  }

  private Answer asks(WorkspaceCommand.Question question) {
    workspace.tell(question);
    return route.receiveMessage();
  }

  private void creates(String session) {
    assertThat(asks(new WorkspaceCommand.CreateSession(session, null, route.getRef())))
        .isInstanceOf(SessionShown.class);
  }

  private Answer selects(String who, @Nullable String session) {
    return asks(new WorkspaceCommand.Select(who, session, route.getRef()));
  }

  private Answer runs(String who, String session, String run) {
    return asks(new WorkspaceCommand.StartRun(who, session, run, route.getRef()));
  }

  private Answer describes() {
    return asks(new WorkspaceCommand.Describe(route.getRef()));
  }

  private Numbers numbers(String session) {
    SessionShown shown =
        (SessionShown) asks(new WorkspaceCommand.DescribeSession(session, route.getRef()));
    SessionView view = shown.session();
    return new Numbers(view.isBusy(), view.attachedClients(), view.leasedClients());
  }

  private static Numbers attachedAndLeased(int attached, int leased) {
    return new Numbers(false, attached, leased);
  }

  private void loses(TestProbe<Feed> stream, String who) {
    stream.stop();
    workspace.await(who + " is leased", state -> !state.claims().isAttached(who));
  }

  private void releases(String who, long n) {
    workspace.tell(new WorkspaceCommand.Release(who, n, client.getRef()));
    client.expectMessage(new Client.Released("w", n));
  }

  @Nested
  class WhereThereIsNone {
    @Test
    void nothingIsAnswered() {
      assertThat(describes()).isEqualTo(Refusal.NO_WORKSPACE);
      assertThat(selects("ann", "s1")).isEqualTo(Refusal.NO_WORKSPACE);
    }

    @Test
    void noStreamCounts() {
      TestProbe<Feed> stream = system.probe();
      workspace.tell(attach("ann", 1, null, stream));
      stream.expectMessage(new Refused(Refusal.NO_WORKSPACE));
    }

    @Test
    void nothingIsLeftBehind() {
      describes();
      workspace.passes(Duration.ofSeconds(5));
      shard.expectMessage(new ClusterSharding.Passivate<>(workspace.ref()));
      assertThat(workspace.events()).isEmpty();
    }

    @Test
    void aReleaseIsRememberedForTheHoldThatComesLate() {
      releases("ann", 4);
      assertThat(holds("ann", 3)).isEqualTo(Refusal.STALE);
      assertThat(holds("ann", 5)).isInstanceOf(Shown.class);
      assertThat(workspace.tagged(Last.TAG)).hasSize(1);
    }

    @Test
    void aHoldCreatesIt() {
      assertThat(holds("ann", 1))
          .isInstanceOfSatisfying(
              Shown.class,
              shown -> {
                assertThat(shown.created()).isTrue();
                assertThat(shown.workspace().path()).isEqualTo("/w");
              });
      assertThat(holds("bob", 1))
          .isInstanceOfSatisfying(Shown.class, shown -> assertThat(shown.created()).isFalse());
    }
  }

  @Nested
  class AHold {
    @BeforeEach
    void hold() {
      holds("ann", 1);
    }

    @Test
    void endsAfterTheCreateGraceAndTheWorkspaceWithIt() {
      workspace.passes(Limits.CREATE_GRACE.minusMillis(1));
      assertThat(describes()).isInstanceOf(Shown.class);
      workspace.passes(Duration.ofMillis(1));
      assertThat(describes()).isEqualTo(Refusal.NO_WORKSPACE);
      assertThat(clients.take())
          .containsExactly(new Recorder.Told<>("ann", new Client.Released("w", 1)));
    }

    @Test
    void endsAtItsDeadlineWhateverIsRestarted() {
      workspace.kill();
      system.passes(Limits.CREATE_GRACE);
      workspace.start();
      workspace.passes(Duration.ZERO);
      assertThat(describes()).isEqualTo(Refusal.NO_WORKSPACE);
    }

    @Test
    void doesNotLetTheClientSelect() {
      creates("s1");
      assertThat(selects("ann", "s1")).isEqualTo(Refusal.NOT_ATTACHED);
      assertThat(selects("nobody", "s1")).isEqualTo(Refusal.NOT_ATTACHED);
    }

    @Test
    void isKeptByAStream() {
      attached("ann", 1);
      workspace.passes(Duration.ofMinutes(5));
      assertThat(describes()).isInstanceOf(Shown.class);
    }

    @Test
    @DisplayName("is not answered when it could not be written (R7)")
    void isNotAnsweredWhenItCouldNotBeWritten() {
      workspace.tellInVain(new WorkspaceCommand.Hold("bob", 1, null, null, route.getRef()));
      route.expectNoMessage(SILENCE);
      assertThat(workspace.state().claims().has("bob")).isFalse();
    }

    @Test
    void isRefusedBeyondTheLimit() {
      holds("bob", 1);
      holds("cid", 1);
      assertThat(holds("dan", 1)).isEqualTo(Refusal.TOO_MANY_CLIENTS);
      assertThat(holds("ann", 1)).isInstanceOf(Shown.class);
    }

    @Test
    void leavesNothingBehindWhenItWasAll() {
      workspace.passes(Limits.CREATE_GRACE);
      assertThat(workspace.tagged(Last.TAG))
          .containsExactly(new WorkspaceEvent.Vacated(system.millis()));
      workspace.passes(Duration.ofSeconds(5));
      shard.expectMessage(new ClusterSharding.Passivate<>(workspace.ref()));
    }

    @Test
    void leavesItsSessionsForWhoCreatesItAgain() {
      creates("s1");
      workspace.passes(Limits.CREATE_GRACE);
      assertThat(workspace.tagged(Last.TAG)).isEmpty();
      workspace.restart();
      assertThat(holds("bob", 1))
          .isInstanceOfSatisfying(
              Shown.class, shown -> assertThat(shown.workspace().sessions()).hasSize(1));
    }

    @Test
    void leavesItsSessionsForSoLong() {
      creates("s1");
      workspace.passes(Limits.CREATE_GRACE);
      workspace.passes(Limits.SESSIONS_KEPT);
      workspace.restart();
      assertThat(holds("bob", 1))
          .isInstanceOfSatisfying(
              Shown.class, shown -> assertThat(shown.workspace().sessions()).isEmpty());
    }
  }

  @Nested
  class ANodesPost {
    private final TestProbe<Delivery> post = system.probe();

    @BeforeEach
    void hold() {
      holds("bob", 1);
      creates("s1");
    }

    /// The only delivery is for this stream alone, or for all.
    private void delivers(@Nullable TestProbe<Feed> stream, Class<? extends Feed> feed) {
      Delivery delivery = post.receiveMessage();
      assertThat(delivery.workspace()).isEqualTo("w");
      assertThat(delivery.stream()).isEqualTo(stream == null ? null : stream.getRef());
      assertThat(delivery.feed()).isInstanceOf(feed);
    }

    private TestProbe<Feed> attaches(String who, long n) {
      TestProbe<Feed> stream = system.probe();
      workspace.tell(new WorkspaceCommand.Attach(who, n, null, stream.getRef(), post.getRef()));
      return stream;
    }

    private TestProbe<Feed> attached(String who) {
      TestProbe<Feed> stream = attaches(who, 1);
      delivers(stream, Counted.class);
      delivers(stream, Cut.class);
      return stream;
    }

    @Test
    void getsOnceWhatIsForAllItsStreams() {
      List<TestProbe<Feed>> streams = List.of(attached("ann"), attached("bob"));
      TestProbe<Feed> alone = WorkspaceTest.this.attached("cid", 1);
      selects("ann", "s1");
      delivers(null, Changes.class);
      alone.expectMessageClass(Changes.class);
      post.expectNoMessage(SILENCE);
      streams.forEach(stream -> stream.expectNoMessage(Duration.ZERO));
    }

    @Test
    void getsWhatIsForOneStreamTooSoThatNothingOvertakes() {
      TestProbe<Feed> stream = attached("ann");
      releases("ann", 2);
      delivers(stream, Refused.class);
      delivers(attaches("ann", 1), Refused.class);
    }

    @Test
    void getsNothingOnceItsStreamsHaveEnded() {
      loses(attached("ann"), "ann");
      creates("s2");
      post.expectNoMessage(SILENCE);
    }
  }

  @Nested
  class AnAttachedClient {
    private TestProbe<Feed> stream = system.probe();

    @BeforeEach
    void attach() {
      holds("bob", 1);
      creates("s1");
      creates("s2");
      stream = attached("ann", 1);
      selects("ann", "s1");
    }

    @Test
    @DisplayName("is counted where it looks, once (46, 47)")
    void isCountedWhereItLooks() {
      attached("ann", 1);
      assertThat(numbers("s1")).isEqualTo(attachedAndLeased(1, 0));
      selects("ann", "s2");
      assertThat(numbers("s1")).isEqualTo(attachedAndLeased(0, 0));
      assertThat(numbers("s2")).isEqualTo(attachedAndLeased(1, 0));
      selects("ann", null);
      assertThat(numbers("s2")).isEqualTo(attachedAndLeased(0, 0));
    }

    @Test
    void hearsOfEveryChangeOnce() {
      stream.expectMessageClass(Changes.class);
      selects("ann", "s2");
      Changes changes = stream.expectMessageClass(Changes.class);
      Position at = workspace.state().at();
      assertThat(changes.from()).isEqualTo(new Position(at.epoch(), at.seq() - 2));
      assertThat(changes.changes()).hasSize(2);
      selects("ann", "s2");
      stream.expectNoMessage(SILENCE);
    }

    @Test
    @DisplayName("is leased when its last stream ends, and keeps what it looked at (50)")
    void isLeasedWhenItsLastStreamEnds() {
      TestProbe<Feed> other = attached("ann", 1);
      stream.stop();
      workspace.rest();
      assertThat(numbers("s1")).isEqualTo(attachedAndLeased(1, 0));
      loses(other, "ann");
      assertThat(numbers("s1")).isEqualTo(attachedAndLeased(0, 1));
      assertThat(selects("ann", "s2")).isEqualTo(Refusal.NOT_ATTACHED);
      workspace.passes(Limits.DETACH_GRACE.minusMillis(1));
      attached("ann", 1);
      assertThat(numbers("s1")).isEqualTo(attachedAndLeased(1, 0));
    }

    @Test
    void isGoneAfterTheDetachGrace() {
      loses(stream, "ann");
      workspace.passes(Limits.DETACH_GRACE);
      assertThat(numbers("s1")).isEqualTo(attachedAndLeased(0, 0));
      TestProbe<Feed> late = system.probe();
      workspace.tell(WorkspaceTest.this.attach("ann", 1, null, late));
      late.expectMessage(new Refused(Refusal.STALE));
      attached("ann", 2);
      assertThat(numbers("s1")).as("a new claim looks at nothing").isEqualTo(Numbers.NONE);
    }

    @Test
    @DisplayName("has no grace once it was released; the end of its stream is nobody's (51)")
    void hasNoGraceOnceItWasReleased() {
      releases("ann", 2);
      assertThat(numbers("s1")).isEqualTo(attachedAndLeased(0, 0));
      stream.fishForMessage(
          Duration.ofSeconds(3),
          feed ->
              feed.equals(new Refused(Refusal.STALE))
                  ? FishingOutcomes.complete()
                  : FishingOutcomes.continueAndIgnore());
      attached("ann", 3);
      selects("ann", "s2");
      stream.stop();
      workspace.rest();
      assertThat(numbers("s2")).isEqualTo(attachedAndLeased(1, 0));
      releases("ann", 2);
      assertThat(numbers("s2")).as("an older release").isEqualTo(attachedAndLeased(1, 0));
    }

    @Test
    void hasSoManyStreamsAtMost() {
      attached("ann", 1);
      attached("ann", 1);
      TestProbe<Feed> more = system.probe();
      workspace.tell(WorkspaceTest.this.attach("ann", 1, null, more));
      more.expectMessage(new Refused(Refusal.TOO_MANY_STREAMS));
    }

    @Test
    @DisplayName("looks at nothing when the session is deleted (52)")
    void looksAtNothingWhenTheSessionIsDeleted() {
      assertThat(asks(new WorkspaceCommand.DeleteSession("s1", route.getRef())))
          .isEqualTo(Done.DONE);
      creates("s1");
      assertThat(numbers("s1")).isEqualTo(Numbers.NONE);
    }

    @Test
    @DisplayName("keeps a session busy until its run or its claim ends (55)")
    void keepsASessionBusy() {
      assertThat(runs("ann", "s2", "r1")).isEqualTo(Done.DONE);
      assertThat(runs("ann", "s2", "r1")).as("repeated").isEqualTo(Done.DONE);
      assertThat(numbers("s2").isBusy()).isTrue();
      asks(new WorkspaceCommand.EndRun("s2", "r1", route.getRef()));
      assertThat(numbers("s2").isBusy()).isFalse();
      runs("ann", "s2", "r2");
      loses(stream, "ann");
      assertThat(numbers("s2").isBusy()).as("in the grace").isTrue();
      workspace.passes(Limits.DETACH_GRACE);
      assertThat(numbers("s2").isBusy()).isFalse();
      assertThat(runs("ann", "s2", "r3")).isEqualTo(Refusal.NOT_ATTACHED);
    }

    @Nested
    class AfterARestart {
      @Test
      void isCountedAsBeforeUntilItsStreamsHadTimeToReclaim() {
        workspace.restart();
        workspace.passes(Limits.RECLAIM_WAIT.minusMillis(1));
        assertThat(numbers("s1")).isEqualTo(attachedAndLeased(1, 0));
        workspace.passes(Duration.ofMillis(1));
        assertThat(numbers("s1")).isEqualTo(attachedAndLeased(0, 1));
      }

      @Test
      void isCountedOnWhenAStreamReclaims() {
        Position at = workspace.state().at();
        workspace.restart();
        TestProbe<Feed> same = system.probe();
        int events = workspace.events().size();
        workspace.tell(WorkspaceTest.this.attach("ann", 1, at, same));
        same.expectMessage(new Counted(workspace.ref()));
        same.expectNoMessage(SILENCE);
        workspace.passes(Limits.RECLAIM_WAIT);
        assertThat(numbers("s1")).isEqualTo(attachedAndLeased(1, 0));
        assertThat(workspace.events()).as("nothing happened").hasSize(events);
      }

      @Test
      void isTheSameWhenAWriteFailed() {
        workspace.tellInVain(new WorkspaceCommand.CreateSession("s3", null, route.getRef()));
        workspace.passes(Limits.RECLAIM_WAIT);
        assertThat(numbers("s1")).isEqualTo(attachedAndLeased(1, 0));
      }

      @Test
      @DisplayName("hears what was written though the write seemed to fail (R7)")
      void hearsWhatWasWrittenUnknowing() {
        stream.expectMessageClass(Changes.class);
        Session session = new Session("s3", null, system.millis(), system.millis());
        workspace.tellUnknowing(
            new WorkspaceCommand.CreateSession("s3", null, route.getRef()),
            new WorkspaceEvent.Saved(session));
        assertThat(stream.expectMessageClass(Changes.class).changes())
            .containsExactly(new Change.Updated(SessionView.of(session, Numbers.NONE)));
      }
    }
  }

  @Nested
  class AStreamThatComesBack {
    private Position at = Position.NOWHERE;

    @BeforeEach
    void attach() {
      holds("bob", 1);
      creates("s1");
      at = workspace.state().at();
      creates("s2");
    }

    @Test
    void getsWhatItMissed() {
      TestProbe<Feed> stream = system.probe();
      workspace.tell(WorkspaceTest.this.attach("ann", 1, at, stream));
      stream.expectMessageClass(Counted.class);
      assertThat(stream.expectMessageClass(Changes.class))
          .satisfies(changes -> {
            assertThat(changes.from()).isEqualTo(at);
            assertThat(changes.changes()).hasSize(1);
          });
    }

    @Test
    void getsACutWhenThatIsTooLongAgo() {
      TestProbe<Feed> stream = system.probe();
      workspace.tell(WorkspaceTest.this.attach("ann", 1, new Position(at.epoch() - 1, 0), stream));
      stream.expectMessageClass(Counted.class);
      assertThat(stream.expectMessageClass(Cut.class).workspace().sessions()).hasSize(2);
    }
  }

  @Nested
  class AnAudit {
    @Test
    void findsAClaim() {
      holds("ann", 2);
      workspace.tell(new WorkspaceCommand.Audit("ann", 2, client.getRef()));
      client.expectNoMessage(SILENCE);
    }

    @Test
    void ofAClaimThatIsNotThereKeepsItFromComing() {
      holds("bob", 1);
      workspace.tell(new WorkspaceCommand.Audit("ann", 2, client.getRef()));
      client.expectMessage(new Client.Released("w", 2));
      assertThat(holds("ann", 2)).isEqualTo(Refusal.STALE);
    }
  }

  @Nested
  class Sessions {
    @BeforeEach
    void open() {
      holds("ann", 1);
    }

    @Test
    void areCreatedOnce() {
      creates("s1");
      assertThat(asks(new WorkspaceCommand.CreateSession("s1", "x", route.getRef())))
          .isInstanceOfSatisfying(
              SessionShown.class,
              shown -> {
                assertThat(shown.created()).isFalse();
                assertThat(shown.session().name()).isNull();
              });
    }

    @Test
    void areRenamed() {
      creates("s1");
      workspace.passes(Duration.ofSeconds(1));
      assertThat(asks(new WorkspaceCommand.RenameSession("s1", "Plan", route.getRef())))
          .isInstanceOfSatisfying(
              SessionShown.class,
              shown -> {
                assertThat(shown.session().name()).isEqualTo("Plan");
                assertThat(shown.session().updatedAt()).isGreaterThan(shown.session().createdAt());
              });
    }

    @Test
    void areAsManyAsThereMayBe() {
      List.of("s1", "s2", "s3").forEach(WorkspaceTest.this::creates);
      assertThat(asks(new WorkspaceCommand.CreateSession("s4", null, route.getRef())))
          .isEqualTo(Refusal.TOO_MANY_SESSIONS);
    }

    @Test
    void haveNamesThatFitIntoOneAnswer() {
      creates("s1");
      assertThat(asks(new WorkspaceCommand.RenameSession("s1", "é".repeat(500), route.getRef())))
          .as("1,002 bytes")
          .isEqualTo(Refusal.TOO_MANY_SESSIONS);
      assertThat(asks(new WorkspaceCommand.RenameSession("s1", "é".repeat(499), route.getRef())))
          .isInstanceOf(SessionShown.class);
    }

    @Test
    void thatAreNotThereAreNot() {
      assertThat(asks(new WorkspaceCommand.DescribeSession("s1", route.getRef())))
          .isEqualTo(Refusal.NO_SESSION);
      assertThat(asks(new WorkspaceCommand.RenameSession("s1", "x", route.getRef())))
          .isEqualTo(Refusal.NO_SESSION);
      assertThat(asks(new WorkspaceCommand.DeleteSession("s1", route.getRef())))
          .isEqualTo(Refusal.NO_SESSION);
      assertThat(runs("ann", "s1", "r1")).isEqualTo(Refusal.NO_SESSION);
      assertThat(asks(new WorkspaceCommand.EndRun("s1", "r1", route.getRef())))
          .isEqualTo(Refusal.NO_SESSION);
    }

    @Test
    void takeSoManyRunsOfOneClient() {
      creates("s1");
      List.of("r1", "r2", "r3").forEach(run -> runs("ann", "s1", run));
      assertThat(runs("ann", "s1", "r4")).isEqualTo(Refusal.TOO_MANY_RUNS);
    }
  }
}
