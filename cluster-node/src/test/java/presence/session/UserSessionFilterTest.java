package presence.session;

import static org.assertj.core.api.Assertions.assertThat;
import static presence.session.Stage.ANN;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import presence.instance.ChatInstance;
import presence.protocol.ErrorCode;
import presence.session.Notice.Refused;
import presence.session.SessionCommand.Order;
import presence.session.WordFilter.Opinion;
import presence.session.WordFilter.Remark;
import presence.testkit.TestSystem;
import presence.testkit.TestSystemExtension;
import presence.user.Address;
import presence.user.MailCommand;
import presence.user.Sentence;
import presence.user.Silence;

/// What the word filter makes of what a session says.
@ExtendWith(TestSystemExtension.class)
@Timeout(60)
class UserSessionFilterTest {
  private static final Address BOB = new Address.Person("@bob");

  /// Thinks until the test says what it thinks.
  private static final class SlowFilter implements WordFilter {
    private record Asked(Remark remark, CompletableFuture<Opinion> opinion) {}

    private final ConcurrentLinkedQueue<Asked> asked = new ConcurrentLinkedQueue<>();

    @Override
    public CompletionStage<Opinion> judge(Remark remark) {
      Asked question = new Asked(remark, new CompletableFuture<>());
      asked.add(question);
      return question.opinion();
    }

    Asked next() {
      return asked.remove();
    }
  }

  private final TestSystem system;
  private final SlowFilter filter = new SlowFilter();
  private final Stage stage;
  private final TestProbe<Notice> connection;
  private final TestProbe<ChatInstance.Answer> author;

  UserSessionFilterTest(TestSystem system) {
    this.system = system;
    stage = new Stage(system, filter);
    connection = stage.connection;
    author = system.probe();
    stage.opens(ANN, "room");
  }

  @AfterEach
  void stop() {
    stage.close();
  }

  private Action.Say say(String text) {
    return new Action.Say("room", text, "m1", author.getRef());
  }

  private Order saysToBe(Action action) {
    Order order = stage.order(action);
    stage.entity.tell(order);
    return order;
  }

  private void repeats(Order order) {
    stage.entity.tell(
        new Order(order.epoch(), order.number(), true, order.action(), order.connection()));
  }

  private void thinks(Opinion opinion) {
    filter.next().opinion().complete(opinion);
    stage.entity.rest();
  }

  private List<String> said() {
    return stage.instances.take(ChatInstance.Say.class).stream()
        .map(each -> each.speech().text())
        .toList();
  }

  private List<String> written() {
    List<String> texts = new ArrayList<>();
    stage
        .mailboxes
        .take(MailCommand.Accept.class)
        .forEach(each -> texts.add(each.posting().text()));
    return texts;
  }

  @Test
  void nothingIsSaidBeforeItIsJudged() {
    saysToBe(say("hello"));
    assertThat(said()).isEmpty();
    assertThat(filter.asked.peek())
        .extracting(SlowFilter.Asked::remark)
        .isEqualTo(new Remark("@ann", "room", "hello"));
    thinks(new Opinion.Pass());
    assertThat(said()).containsExactly("hello");
  }

  @Test
  void theSessionServesOthersWhileTheFilterThinks() {
    saysToBe(say("hello"));
    stage.done(stage.orders(Stage.to("docs")), null);
  }

  @Test
  void anotherTextIsSaidInstead() {
    saysToBe(say("damn"));
    thinks(new Opinion.Replace("d***"));
    assertThat(said()).containsExactly("d***");
  }

  @Test
  void whatIsRefusedIsNotSaid() {
    Order order = saysToBe(say("damn"));
    thinks(new Opinion.Refuse("mind your language"));
    Refused refused = connection.expectMessageClass(Refused.class);
    assertThat(refused.number()).isEqualTo(order.number());
    assertThat(refused.code()).isEqualTo(ErrorCode.FILTERED);
    assertThat(refused.message()).isEqualTo("mind your language");
    assertThat(said()).isEmpty();
  }

  @Test
  void aLetterIsJudgedLikeAMessageAndARepetitionFindsIt() {
    Order order = saysToBe(new Action.Send(BOB, "damn", "m1"));
    assertThat(filter.asked.element().remark()).isEqualTo(new Remark("@ann", null, "damn"));
    thinks(new Opinion.Replace("d***"));
    assertThat(written()).containsExactly("d***");
    repeats(order);
    assertThat(filter.asked).isEmpty();
    assertThat(written()).as("it waits for the answer to the first").isEmpty();
  }

  @Test
  void aRepetitionIsNotJudgedWhileTheFirstIs() {
    Order order = saysToBe(say("hello"));
    repeats(order);
    repeats(order);
    assertThat(filter.asked).hasSize(1);
    thinks(new Opinion.Pass());
    assertThat(said()).hasSize(1);
  }

  @Test
  void whatTheFilterFailsToJudgeIsJudgedWhenItIsRepeated() {
    Order order = saysToBe(say("hello"));
    filter.next().opinion().completeExceptionally(new IllegalStateException("out of order"));
    stage.entity.rest();
    assertThat(said()).isEmpty();
    repeats(order);
    thinks(new Opinion.Pass());
    assertThat(said()).containsExactly("hello");
  }

  @Test
  void whoWasMutedMeanwhileSaysNothing() {
    saysToBe(say("hello"));
    TestProbe<Silence.Heard> person = system.probe();
    stage.entity.tell(
        new SessionCommand.Hush(
            new Silence(1, Map.of("room", Sentence.FOR_GOOD)), person.getRef()));
    thinks(new Opinion.Pass());
    assertThat(connection.expectMessageClass(Refused.class).code()).isEqualTo(ErrorCode.MUTED);
    assertThat(said()).isEmpty();
  }

  @Test
  void whoWasReplacedMeanwhileSaysItAgainByTheirNewConnection() {
    saysToBe(say("hello"));
    stage.attaches(new Opening.ByToken("t1", null), "t2", system.probe());
    thinks(new Opinion.Pass());
    assertThat(said()).isEmpty();
  }
}
