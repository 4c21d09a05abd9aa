package presence.gateway;

import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;
import presence.gateway.Relay.Command;
import presence.gateway.Relay.InstanceGone;
import presence.gateway.Relay.Pace;
import presence.gateway.Relay.Tick;
import presence.instance.ChatInstance;

/// With which incarnation of its instance a relay is subscribed. When that ends, the relay asks the
/// next one again and again until it answers: what is sent while a shard moves may be lost.
final class Subscription {
  private final ActorContext<Command> context;
  private final TimerScheduler<Command> timers;
  private final Pauses pauses;
  private @Nullable ActorRef<ChatInstance.Command> incarnation;

  Subscription(ActorContext<Command> context, TimerScheduler<Command> timers, Pace pace) {
    this.context = context;
    this.timers = timers;
    this.pauses = new Pauses(pace.first(), pace.last());
    timers.startTimerWithFixedDelay(Tick.KEEP_ALIVE, pace.keepAlive());
  }

  void with(ActorRef<ChatInstance.Command> now) {
    if (incarnation != null) {
      context.unwatch(incarnation);
    }
    incarnation = now;
    context.watchWith(now, new InstanceGone(now));
    asksNoMore();
  }

  /// Whether this was the one it is with, which it is no longer.
  boolean endsWith(ActorRef<ChatInstance.Command> gone) {
    boolean ends = gone.equals(incarnation);
    if (ends) {
      incarnation = null;
    }
    return ends;
  }

  /// The relay has asked, and will again.
  void asks() {
    timers.startSingleTimer(Tick.ASK_AGAIN, pauses.next());
  }

  /// It was answered.
  void asksNoMore() {
    timers.cancel(Tick.ASK_AGAIN);
    pauses.startAnew();
  }
}
