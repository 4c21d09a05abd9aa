package presence.ops.metrics;

import com.typesafe.config.Config;
import java.util.concurrent.atomic.LongAdder;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.dispatch.Envelope;
import org.apache.pekko.dispatch.MailboxType;
import org.apache.pekko.dispatch.MessageQueue;
import org.apache.pekko.dispatch.NodeMessageQueue;
import org.apache.pekko.dispatch.ProducesMessageQueue;
import org.apache.pekko.dispatch.UnboundedMessageQueueSemantics;
import org.jspecify.annotations.Nullable;
import presence.cluster.Instruments;
import scala.Option;

/// The mailbox of every typed actor: Pekko's own, whose messages are counted together with those of
/// all others.
public final class CountedMailbox
    implements MailboxType, ProducesMessageQueue<CountedMailbox.Queue> {
  private final LongAdder waiting;

  /// Called by Pekko, which finds the name of this class in `node.conf`.
  public CountedMailbox(ActorSystem.Settings settings, Config config) {
    waiting = Instruments.of(settings.setup()).waiting();
  }

  @Override
  public MessageQueue create(Option<ActorRef> owner, Option<ActorSystem> system) {
    return new Queue(waiting);
  }

  static final class Queue implements MessageQueue, UnboundedMessageQueueSemantics {
    private final NodeMessageQueue queue = new NodeMessageQueue();
    private final LongAdder waiting;

    Queue(LongAdder waiting) {
      this.waiting = waiting;
    }

    @Override
    public void enqueue(ActorRef receiver, Envelope message) {
      waiting.increment();
      queue.enqueue(receiver, message);
    }

    @Override
    public @Nullable Envelope dequeue() {
      Envelope message = queue.dequeue();
      if (message != null) {
        waiting.decrement();
      }
      return message;
    }

    @Override
    public int numberOfMessages() {
      return queue.numberOfMessages();
    }

    @Override
    public boolean hasMessages() {
      return queue.hasMessages();
    }

    @Override
    public void cleanUp(ActorRef owner, MessageQueue deadLetters) {
      for (Envelope each = dequeue(); each != null; each = dequeue()) {
        deadLetters.enqueue(owner, each);
      }
    }
  }
}
