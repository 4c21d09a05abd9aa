package presence.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import presence.simulation.Network.Conditions;
import presence.simulation.Network.Fate;

@Timeout(30)
class NetworkTest {

  private static final Conditions SLOW =
      Conditions.CALM.withDelay(Duration.ZERO, Duration.ofMillis(100));

  private final World world = World.open(1);
  private final Network network = world.network();
  private final Host here = world.host("here");
  private final Host there = world.host("there");
  private final Host elsewhere = world.host("elsewhere");
  private final Inbox<Object> inbox = there.inbox("inbox");
  private final ActorRef<Object> wayToInbox = here.view(inbox.ref());

  /// Asks for an answer, or for an end.
  record Question(String text, ActorRef<Answer> replyTo) {}

  record Answer(String text, ActorRef<Question> from) {}

  @AfterEach
  void close() {
    world.close();
  }

  private static Behavior<Question> answering() {
    return Behaviors.setup(context ->
        Behaviors.receiveMessage(question -> {
          question.replyTo.tell(new Answer(question.text, context.getSelf()));
          return question.text.equals("end") ? Behaviors.stopped() : Behaviors.same();
        }));
  }

  /// Reports the end of an actor.
  private static Behavior<String> watching(ActorRef<?> actor, ActorRef<Object> report) {
    return Behaviors.setup(context -> {
      context.watch(actor);
      return Behaviors.receive(String.class)
          .onSignal(
              Terminated.class,
              end -> {
                report.tell(end.getRef().equals(actor) ? "ended" : "something else ended");
                return Behaviors.same();
              })
          .build();
    });
  }

  @Test
  void aMessageTakesItsTime() {
    network.conditions(Conditions.CALM.withDelay(Duration.ofMillis(30), Duration.ofMillis(30)));
    wayToInbox.tell("a");

    world.run(Duration.ofMillis(29));
    assertThat(inbox.messages()).isEmpty();

    world.run(Duration.ofMillis(1));
    assertThat(inbox.messages()).containsExactly("a");
  }

  @Test
  void messagesOfOnePairKeepTheirOrder() {
    network.conditions(SLOW);
    var numbers = IntStream.range(0, 50).boxed().toList();
    numbers.forEach(wayToInbox::tell);
    world.settle();

    assertThat(inbox.messages()).isEqualTo(List.<Object>copyOf(numbers));
  }

  @Test
  void messagesOfDifferentPairsOvertakeEachOther() {
    network.conditions(SLOW);
    var other = elsewhere.view(inbox.ref());
    for (var i = 0; i < 50; i++) {
      wayToInbox.tell(2 * i);
      other.tell(2 * i + 1);
    }
    world.settle();

    assertThat(inbox.messages()).hasSize(100);
    assertThat(new ArrayList<>(inbox.messages()))
        .isNotEqualTo(IntStream.range(0, 100).boxed().toList());
  }

  @Test
  void withDisorderMessagesOfOnePairOvertakeEachOtherToo() {
    network.conditions(SLOW.withDisorder(0.5));
    var numbers = IntStream.range(0, 50).boxed().toList();
    numbers.forEach(wayToInbox::tell);
    world.settle();

    assertThat(inbox.messages()).containsExactlyInAnyOrderElementsOf(numbers).isNotEqualTo(numbers);
  }

  @Test
  void messagesAreLostAndRepeatedAsOftenAsTheyShould() {
    network.conditions(Conditions.CALM.withLoss(0.2).withRepetition(0.25));
    IntStream.range(0, 1000).forEach(wayToInbox::tell);
    world.settle();

    var arrived = inbox.messages().stream().distinct().count();
    assertThat(arrived).isBetween(750L, 850L);
    assertThat(inbox.messages().size() - arrived).isBetween(150L, 250L);
  }

  @Test
  void aRuleMeetsTheNextMessageOfItsKind() {
    network.once(letter -> letter.message().equals("b"), Fate.LOST);
    network.once(letter -> letter.message().equals("c"), Fate.TWICE);
    network.once(letter -> letter.message().equals("d"), Fate.late(Duration.ofSeconds(1)));
    List.of("a", "b", "c", "d", "e", "b").forEach(wayToInbox::tell);
    world.settle();

    assertThat(inbox.messages()).containsExactly("a", "c", "c", "e", "b", "d");
  }

  @Test
  void aCutStopsBothWaysUntilItHeals() {
    var way = there.view(here.<Object>inbox("other").ref());
    network.cut(here, there);
    wayToInbox.tell("a");
    way.tell("b");
    elsewhere.view(inbox.ref()).tell("c");
    world.settle();
    assertThat(inbox.take()).containsExactly("c");

    network.heal();
    wayToInbox.tell("d");
    world.settle();
    assertThat(inbox.messages()).containsExactly("d");
  }

  @Test
  void anAnswerGoesThroughTheNetworkToo() {
    var answers = here.<Answer>inbox("answers");
    var way = here.view(there.spawn("answering", answering()));
    network.once(letter -> letter.message() instanceof Answer, Fate.LOST);
    way.tell(new Question("one", answers.ref()));
    way.tell(new Question("two", answers.ref()));
    world.settle();

    assertThat(answers.messages()).containsExactly(new Answer("two", way));
  }

  @Test
  void anActorIsTheSameFromWhereverItsRefCame() {
    var answers = here.<Answer>inbox("answers");
    var real = there.spawn("answering", answering());
    here.view(real).tell(new Question("direct", answers.ref()));
    // Its ref goes to a third host and comes back from there.
    var forwarded = here.<Object>inbox("forwarded");
    var far = elsewhere.<Object>inbox("far");
    there.view(far.ref()).tell(new Answer("x", real));
    world.settle();
    elsewhere.view(forwarded.ref()).tell(far.messages().getFirst());
    world.settle();

    assertThat(forwarded.messages())
        .containsExactly(new Answer("x", answers.messages().getFirst().from()));
    assertThat(there.view(here.view(real))).isEqualTo(real);
  }

  @Test
  void whoWatchesAnActorOfAnotherHostLearnsOfItsEnd() {
    var real = there.spawn("answering", answering());
    var report = here.<Object>inbox("report");
    var _ = here.spawn("watching", watching(here.view(real), report.ref()));
    world.settle();
    assertThat(report.messages()).isEmpty();

    real.tell(new Question("end", there.<Answer>inbox("answers").ref()));
    world.settle();
    assertThat(report.messages()).containsExactly("ended");
  }

  @Test
  void aCrashIsNoticedAfterAWhile() {
    var real = there.spawn("answering", answering());
    var report = here.<Object>inbox("report");
    var _ = here.spawn("watching", watching(here.view(real), report.ref()));
    world.settle();

    there.crash();
    world.run(world.detection().minusMillis(1));
    assertThat(report.messages()).isEmpty();

    world.run(Duration.ofMillis(1));
    assertThat(report.messages()).containsExactly("ended");
  }

  @Test
  void nothingLeavesAHostThatCrashed() {
    var answers = here.<Answer>inbox("answers");
    var real = there.spawn("answering", answering());
    here.view(real).tell(new Question("one", answers.ref()));
    world.run(Duration.ofMillis(1));
    there.crash();
    here.view(real).tell(new Question("two", answers.ref()));
    there.view(answers.ref()).tell(new Answer("three", real));
    world.settle();

    assertThat(answers.messages()).extracting(Answer::text).doesNotContain("two", "three");
  }

  @Test
  void actorsOfOneHostTalkDirectly() {
    network.conditions(Conditions.CALM.withLoss(1));
    var answers = there.<Answer>inbox("answers");
    var real = there.spawn("answering", answering());
    real.tell(new Question("one", answers.ref()));
    world.settle();

    assertThat(answers.messages()).containsExactly(new Answer("one", real));
  }
}
