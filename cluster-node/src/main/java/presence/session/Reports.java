package presence.session;

import java.util.function.ToLongFunction;
import org.apache.pekko.actor.typed.ActorRef;
import presence.cluster.Door;
import presence.instance.ChatInstance;
import presence.protocol.Position;
import presence.user.User;

/// The words of one session to the instances it is in and to its person: which have been sent, and
/// which acknowledged. A word tells the whole standing at a step, so only the newest for each
/// receiver matters, and repeating one does no harm.
final class Reports {
  private static final String PERSON = "";

  private final String session;
  private final Door<ChatInstance.Command> instances;
  private final Door<User.Command> users;
  private final ActorRef<ChatInstance.Receipt> instanceReceipts;
  private final ActorRef<User.Receipt> userReceipts;
  private final Receivers receivers = new Receivers();

  Reports(
      String session,
      Door<ChatInstance.Command> instances,
      Door<User.Command> users,
      ActorRef<ChatInstance.Receipt> instanceReceipts,
      ActorRef<User.Receipt> userReceipts) {
    this.session = session;
    this.instances = instances;
    this.users = users;
    this.instanceReceipts = instanceReceipts;
    this.userReceipts = userReceipts;
  }

  /// Sends every word that its receiver has not been sent yet.
  void sendNew(SessionState.Open state) {
    send(state, receivers::told);
  }

  /// Sends every word again that its receiver has not acknowledged.
  void repeat(SessionState.Open state) {
    send(state, receivers::acknowledged);
  }

  private void send(SessionState.Open state, ToLongFunction<String> known) {
    state
        .instances()
        .forEach((instance, membership) -> {
          if (membership.n() > known.applyAsLong(instance)) {
            sendTo(state, instance);
          }
        });
    state
        .principal()
        .person()
        .filter(person -> state.toldPersonAt() > known.applyAsLong(PERSON))
        .ifPresent(person -> {
          receivers.told(PERSON, state.toldPersonAt());
          users.tell(
              person, new User.Report(session, state.toldPersonAt(), state.doing(), userReceipts));
        });
  }

  /// Sends the word to one instance, whether or not it has it.
  void sendTo(SessionState.Open state, String instance) {
    var seat = state.seat(session, instance);
    receivers.told(instance, seat.n());
    instances.tell(instance, new ChatInstance.Report(seat, instanceReceipts));
  }

  void acknowledged(ChatInstance.Recorded receipt) {
    receivers.acknowledged(receipt.instance(), receipt.n(), receipt.at());
  }

  void acknowledged(User.Receipt receipt) {
    receivers.acknowledged(PERSON, receipt.n());
  }

  /// Whether this instance has the session's newest word.
  boolean isSettled(SessionState.Open state, String instance) {
    SessionState.Membership membership = state.instances().get(instance);
    return membership == null || membership.n() <= receivers.acknowledged(instance);
  }

  /// Whether everybody has the session's newest word.
  boolean isSettled(SessionState.Open state) {
    boolean personKnows =
        state.principal().person().isEmpty()
            || state.toldPersonAt() <= receivers.acknowledged(PERSON);
    return personKnows
        && state.instances().keySet().stream().allMatch(each -> isSettled(state, each));
  }

  /// How far the instance's stream was when it last acknowledged something; 0:0 when that is
  /// unknown.
  Position position(String instance) {
    return receivers.position(instance);
  }

  /// Forgets an instance the session has nothing to do with any more.
  void forget(String instance) {
    receivers.forget(instance);
  }
}
