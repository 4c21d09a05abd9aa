package presence.gateway.http;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.not;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import presence.protocol.Position;
import presence.testkit.Recorder;
import presence.testkit.TestSystem;
import presence.testkit.TestSystemExtension;
import presence.workspace.Change;
import presence.workspace.WorkspaceCommand;
import presence.workspace.WorkspaceCommand.Attach;
import presence.workspace.WorkspaceCommand.Delivery;
import presence.workspace.WorkspaceCommand.Feed;
import presence.workspace.WorkspaceView;

/// The streams of a node behind their post, and what their readers read.
@ExtendWith(TestSystemExtension.class)
@Timeout(30)
class WorkspacePostTest {
  private static final Duration SILENCE = Duration.ofMillis(50);
  private static final WorkspaceStream.Pace PACE =
      new WorkspaceStream.Pace(
          Duration.ofSeconds(5),
          Duration.ofSeconds(1),
          Duration.ofMillis(100),
          Duration.ofSeconds(2),
          Duration.ofSeconds(5));

  private final TestSystem system;
  private final Recorder<WorkspaceCommand> workspaces = new Recorder<>();
  private final TestProbe<WorkspaceCommand> incarnation;
  private final ActorRef<WorkspacePost.Command> post;
  private final List<ActorRef<?>> streams = new ArrayList<>();

  WorkspacePostTest(TestSystem system) {
    this.system = system;
    incarnation = system.probe();
    post = system.kit().spawn(WorkspacePost.create(workspaces));
  }

  /// What is left would ask for its workspace for ever, while later tests let time pass.
  @AfterEach
  void stop() {
    streams.forEach(system.kit()::stop);
    system.kit().stop(post);
  }

  /// A reader that writes down what it reads.
  private record Reading(TestProbe<String> heard) implements WorkspaceStream.Reader {
    @Override
    public void open(Runnable gone) {
      heard.getRef().tell("open");
    }

    @Override
    public void refuse(WorkspaceCommand.Refusal why) {
      heard.getRef().tell(why.name());
    }

    @Override
    public boolean offer(ByteString events) {
      heard.getRef().tell(events.utf8String());
      return true;
    }

    @Override
    public void end() {
      heard.getRef().tell("end");
    }
  }

  /// A stream that has asked, and what its reader hears.
  private record Asking(Attach attach, TestProbe<String> reader) {}

  private Asking asks(String workspace, String client, @Nullable Position since) {
    TestProbe<String> heard = system.probe();
    streams.add(
        system
            .kit()
            .spawn(
                WorkspaceStream.create(
                    new WorkspaceStream.Claimant(workspace, client, 1, since),
                    post,
                    PACE,
                    new Reading(heard))));
    return new Asking(nextAttach(), heard);
  }

  private Attach nextAttach() {
    return await().until(() -> workspaces.take(Attach.class), not(empty())).getFirst();
  }

  /// A stream that counts, and whose reader has everything up to `seq`.
  private Asking reads(String workspace, String client, long seq) {
    Asking asking = asks(workspace, client, null);
    delivers(asking, new WorkspaceCommand.Counted(incarnation.getRef()));
    delivers(
        asking,
        new WorkspaceCommand.Cut(new WorkspaceView(workspace, null, null, 1, 7, seq, List.of())));
    asking.reader().expectMessage("open");
    assertThat(asking.reader().receiveMessage()).contains("id: 7:" + seq + "\n");
    return asking;
  }

  private static void delivers(Asking to, Feed feed) {
    address(to).tell(new Delivery("w", to.attach().stream(), feed));
  }

  private static ActorRef<Delivery> address(Asking of) {
    return requireNonNull(of.attach().post());
  }

  private static WorkspaceCommand.Changes changes(long from, int count) {
    return new WorkspaceCommand.Changes(
        new Position(7, from),
        IntStream.rangeClosed(1, count)
            .<Change>mapToObj(number -> new Change.Deleted("s" + (from + number)))
            .toList());
  }

  private static String deleted(long seq) {
    return "event: session_deleted\nid: 7:%d\ndata: {\"is\":\"session_deleted\",\"id\":\"s%d\"}\n\n"
        .formatted(seq, seq);
  }

  @Test
  void whatIsForAllIsReadByAllOfThatWorkspace() {
    Asking ann = reads("w", "ann", 3);
    Asking bob = reads("w", "bob", 3);
    Asking cid = reads("x", "cid", 3);
    address(ann).tell(new Delivery("w", null, changes(3, 2)));
    ann.reader().expectMessage(deleted(4) + deleted(5));
    bob.reader().expectMessage(deleted(4) + deleted(5));
    cid.reader().expectNoMessage(SILENCE);
  }

  @Test
  void whoHasAPartOfItReadsTheRest() {
    Asking ann = reads("w", "ann", 3);
    Asking bob = reads("w", "bob", 4);
    Asking cid = reads("w", "cid", 5);
    address(ann).tell(new Delivery("w", null, changes(3, 2)));
    bob.reader().expectMessage(deleted(5));
    cid.reader().expectNoMessage(SILENCE);
  }

  @Test
  void whoLacksMoreAsksForIt() {
    Asking ann = reads("w", "ann", 3);
    address(ann).tell(new Delivery("w", null, changes(4, 1)));
    assertThat(nextAttach().since()).isEqualTo(new Position(7, 3));
    ann.reader().expectNoMessage(SILENCE);
  }

  @Test
  void whoIsNotCountedYetLosesNothingByIt() {
    Asking late = asks("w", "late", new Position(7, 3));
    address(late).tell(new Delivery("w", null, changes(3, 1)));
    delivers(late, new WorkspaceCommand.Counted(incarnation.getRef()));
    delivers(late, changes(3, 1));
    late.reader().expectMessage("open");
    late.reader().expectMessage(deleted(4));
  }

  @Test
  void whoseClaimIsOverIsTold() {
    Asking ann = reads("w", "ann", 3);
    delivers(ann, new WorkspaceCommand.Refused(WorkspaceCommand.Refusal.STALE));
    ann.reader().expectMessage("event: closed\ndata: {}\n\n");
    ann.reader().expectMessage("end");
  }
}
