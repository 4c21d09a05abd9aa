package presence.workspace;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import presence.cluster.Last;
import presence.testkit.Entity;
import presence.testkit.Recorder;
import presence.testkit.TestSystem;
import presence.testkit.TestSystemExtension;

@ExtendWith(TestSystemExtension.class)
@Timeout(30)
class ClientTest {
  private static final Duration SILENCE = Duration.ofMillis(50);

  private final Recorder<WorkspaceCommand> workspaces = new Recorder<>();
  private final TestProbe<Client.Admission> gateway;
  private final TestProbe<Client.Left> leaver;
  private final TestProbe<ClusterSharding.ShardCommand> shard;
  private final Entity<Client.Command, ClientEvent, ClientState> client;

  ClientTest(TestSystem system) {
    gateway = system.probe();
    leaver = system.probe();
    shard = system.probe();
    client =
        new Entity<>(
            system,
            "client",
            id -> Client.create("ann", id, Limits.LIMITS, system, workspaces, shard.getRef()));
  }

  @AfterEach
  void stop() {
    client.close();
  }

  private Client.Admission admitted(String workspace) {
    return admitted(workspace, 0);
  }

  private Client.Admission admitted(String workspace, long over) {
    client.tell(new Client.Admit(workspace, over, gateway.getRef()));
    return gateway.receiveMessage();
  }

  private void leaves(String workspace) {
    client.tell(new Client.Leave(workspace, leaver.getRef()));
  }

  private void retires() {
    client.tell(new Client.Retire(leaver.getRef()));
  }

  private List<Recorder.Told<WorkspaceCommand>> told() {
    return workspaces.take();
  }

  private Recorder.Told<WorkspaceCommand> release(String workspace, long n) {
    return new Recorder.Told<>(workspace, new WorkspaceCommand.Release("ann", n, client.ref()));
  }

  @Nested
  class AnAdmission {
    @Test
    void isANumberThatStaysTheSame() {
      assertThat(admitted("w1")).isEqualTo(new Client.Admitted(1));
      assertThat(admitted("w1")).isEqualTo(new Client.Admitted(1));
      client.restart();
      assertThat(admitted("w1")).isEqualTo(new Client.Admitted(1));
      assertThat(client.events()).hasSize(1);
    }

    @Test
    void isAGreaterOneWhenTheFirstIsOver() {
      assertThat(admitted("w1")).isEqualTo(new Client.Admitted(1));
      assertThat(admitted("w1", 1)).isEqualTo(new Client.Admitted(2));
      assertThat(admitted("w1", 1)).isEqualTo(new Client.Admitted(2));
    }

    @Test
    void isGivenToSoManyWorkspacesAtMost() {
      for (int each = 0; each < Limits.MANY; each++) {
        assertThat(admitted("w" + each)).isInstanceOf(Client.Admitted.class);
      }
      assertThat(admitted("more")).isEqualTo(Client.Turned.TOO_MANY);
      assertThat(admitted("w0", 1))
          .as("a new number for an old one")
          .isInstanceOf(Client.Admitted.class);
    }

    @Test
    @DisplayName("is not given when it could not be written (R7)")
    void isNotGivenWhenItCouldNotBeWritten() {
      client.tellInVain(new Client.Admit("w1", 0, gateway.getRef()));
      gateway.expectNoMessage(SILENCE);
      assertThat(admitted("w1")).isEqualTo(new Client.Admitted(1));
    }
  }

  @Nested
  class ALeave {
    @BeforeEach
    void claim() {
      admitted("w1");
    }

    @Test
    void isAnsweredWhenTheWorkspaceHasHeardOfIt() {
      leaves("w1");
      assertThat(told()).containsExactly(release("w1", 2));
      leaver.expectNoMessage(SILENCE);
      client.tell(new Client.Released("w1", 2));
      leaver.expectMessage(new Client.Left(true));
    }

    @Test
    void isSaidAgainUntilItIsHeard() {
      leaves("w1");
      told();
      client.passes(Limits.REPEAT);
      assertThat(told()).containsExactly(release("w1", 2));
      client.restart();
      assertThat(told()).containsExactly(release("w1", 2));
      client.tell(new Client.Released("w1", 2));
      client.passes(Duration.ofSeconds(20));
      assertThat(told()).isEmpty();
    }

    @Test
    void doesNotTouchANewerClaim() {
      leaves("w1");
      assertThat(admitted("w1")).isEqualTo(new Client.Admitted(3));
      client.tell(new Client.Released("w1", 2));
      leaver.expectMessage(new Client.Left(true));
      assertThat(client.state().claim("w1")).isEqualTo(3);
    }

    @Test
    void ofWhatTheClientDoesNotHaveIsNothing() {
      leaves("w2");
      leaver.expectMessage(new Client.Left(false));
      assertThat(told()).isEmpty();
    }

    @Test
    void ofTheLastClaimLeavesNothingBehind() {
      leaves("w1");
      client.tell(new Client.Released("w1", 2));
      assertThat(client.tagged(Last.TAG)).containsExactly(new ClientEvent.Vacant());
    }
  }

  @Nested
  class Retirement {
    @Test
    void endsEveryClaimAndIsAnsweredThen() {
      admitted("w1");
      admitted("w2");
      retires();
      assertThat(told()).containsExactlyInAnyOrder(release("w1", 3), release("w2", 3));
      client.tell(new Client.Released("w1", 3));
      leaver.expectNoMessage(SILENCE);
      client.tell(new Client.Released("w2", 3));
      leaver.expectMessage(new Client.Left(true));
    }

    @Test
    void isForGood() {
      retires();
      leaver.expectMessage(new Client.Left(true));
      assertThat(admitted("w1")).isEqualTo(Client.Turned.RETIRED);
      client.restart();
      assertThat(admitted("w1")).isEqualTo(Client.Turned.RETIRED);
      retires();
      leaver.expectMessage(new Client.Left(true));
      assertThat(client.tagged(Last.TAG)).as("it must be remembered").isEmpty();
    }

    @Test
    @DisplayName("is not answered when it could not be written (R7)")
    void isNotAnsweredWhenItCouldNotBeWritten() {
      admitted("w1");
      client.tellInVain(new Client.Retire(leaver.getRef()));
      leaver.expectNoMessage(SILENCE);
      assertThat(workspaces.take(WorkspaceCommand.Release.class)).isEmpty();
    }
  }

  @Nested
  class AClaimThatEndedByItself {
    @Test
    void isForgotten() {
      admitted("w1");
      client.tell(new Client.Released("w1", 1));
      assertThat(client.state().claim("w1")).isNull();
    }

    @Test
    void isAskedForAfterARestart() {
      admitted("w1");
      told();
      client.restart();
      assertThat(told())
          .containsExactly(
              new Recorder.Told<>("w1", new WorkspaceCommand.Audit("ann", 1, client.ref())));
    }
  }

  @Test
  void withNothingToDoItLeavesMemory() {
    admitted("w1");
    client.passes(Duration.ofMinutes(2));
    shard.expectMessage(new ClusterSharding.Passivate<>(client.ref()));
  }

  @Test
  void aReleaseThatIsNotHeardKeepsItInMemory() {
    admitted("w1");
    leaves("w1");
    client.passes(Duration.ofMinutes(2));
    shard.expectNoMessage(SILENCE);
  }
}
