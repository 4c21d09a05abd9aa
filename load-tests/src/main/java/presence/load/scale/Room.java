package presence.load.scale;

import java.time.Duration;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;
import presence.cluster.Door;
import presence.instance.ChatInstance;
import presence.instance.Flushed;
import presence.protocol.Counts;
import presence.protocol.Setting;
import presence.session.Action;
import presence.session.EndReason;
import presence.session.Notice;
import presence.session.Opening;
import presence.session.Profile;
import presence.session.SessionCommand;

/// The members of one instance, as their sessions know them: one actor is the connection of all of
/// them. It lets one after the other do a step, asks again while no answer comes, and believes
/// nothing that it was not told.
final class Room extends AbstractBehavior<Room.Command> {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(100);
  private static final int LOOKS_MAX = 600;
  private static final String TEXT = "x".repeat(100);

  sealed interface Command {}

  record Do(Step step, ActorRef<Hall.Command> hall) implements Command {}

  private record Told(Notice notice) implements Command {}

  private record Answered(boolean yes) implements Command {}

  private record Heard(ChatInstance.Answer answer) implements Command {}

  private record Described(ChatInstance.Description description) implements Command {}

  private enum Again implements Command {
    AGAIN
  }

  /// The ways to the entities.
  record Doors(Door<SessionCommand> sessions, Door<ChatInstance.Command> instances) {}

  private final Doors doors;
  private final Guests guests;
  private final TimerScheduler<Command> timers;
  private final ActorRef<Notice> connection;
  private final ActorRef<Boolean> answers;
  private final ActorRef<ChatInstance.Answer> echo;
  private final ActorRef<ChatInstance.Description> numbers;
  private @Nullable Do task;
  private Outcome outcome = Outcome.NOTHING;
  private int guest;
  private int looks;
  private long orders;
  private int members;
  private int viewers;

  private Room(
      ActorContext<Command> context, TimerScheduler<Command> timers, Doors doors, Guests guests) {
    super(context);
    this.doors = doors;
    this.guests = guests;
    this.timers = timers;
    this.connection = context.messageAdapter(Notice.class, Told::new);
    this.answers = context.messageAdapter(Boolean.class, Answered::new);
    this.echo = context.messageAdapter(ChatInstance.Answer.class, Heard::new);
    this.numbers = context.messageAdapter(ChatInstance.Description.class, Described::new);
  }

  static Behavior<Command> create(Doors doors, Guests guests) {
    return Behaviors.setup(
        context -> Behaviors.withTimers(timers -> new Room(context, timers, doors, guests)));
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder().onAnyMessage(this::on).build();
  }

  private Behavior<Command> on(Command command) {
    if (command instanceof Do asked) {
      begin(asked);
    } else if (task != null) {
      hear(task.step(), command);
    }
    return this;
  }

  private void begin(Do asked) {
    task = asked;
    outcome = Outcome.NOTHING;
    guest = asked.step().first(guests.size());
    looks = 0;
    ask(asked.step());
  }

  private void hear(Step step, Command command) {
    switch (command) {
      case Told(Notice.Attached attached) -> attached(step, attached);
      case Told(Notice.Done done) when done.number() == orders -> done(step);
      case Told(Notice.Held _) when step == Step.KEEP -> done(step);
      case Told(Notice.Refused refused) -> failed(step, refused.toString());
      case Told(Notice.AttachRefused refused) -> failed(step, refused.toString());
      case Told(Notice.Replaced replaced) -> failed(step, replaced.toString());
      case Told _ -> {} // mail, and that an evicted session is over
      case Answered answered -> answered(step, answered.yes());
      case Heard(ChatInstance.Spoken _) -> done(step);
      case Heard(ChatInstance.NotJoined no) -> failed(step, no.toString());
      case Described described -> described(step, described.description());
      case Again _ -> again(step);
      case Do _ -> throw new IllegalStateException("one step at a time");
    }
  }

  private void ask(Step step) {
    timers.startSingleTimer(Again.AGAIN, PATIENCE);
    switch (step) {
      case ATTACH -> tell(attach(guests.first(guest), new Setting(guests.name(guest))));
      case RETURN -> tell(attach(guests.again(guest), null));
      case JOIN -> order(new Action.Join(guests.instance()));
      case LOOK -> order(new Action.Move(Setting.to(guests.instance()), null));
      case SPEAK -> {
        orders++;
        speak();
      }
      case KEEP -> tell(reclaim());
      case DETACH -> detach();
      case EVICT, CLEAR -> tell(new SessionCommand.Evict(EndReason.KICKED, answers));
      case COUNT -> doors.instances().tell(guests.instance(), new ChatInstance.Describe(numbers));
    }
  }

  private void tell(SessionCommand command) {
    doors.sessions().tell(guests.session(guest), command);
  }

  private SessionCommand attach(Opening opening, @Nullable Setting name) {
    Profile.Update profile = new Profile.Update(name, null, null, null);
    return new SessionCommand.Attach(opening, profile, guests.token(guest), connection);
  }

  private void order(Action action) {
    orders++;
    tell(new SessionCommand.Order(guests.epoch(guest), orders, false, action, connection));
  }

  private void speak() {
    Flushed.Speech speech =
        new Flushed.Speech(guests.session(guest), guests.member(guest), TEXT, "m-" + orders);
    doors.instances().tell(guests.instance(), new ChatInstance.Say(speech, echo));
  }

  private SessionCommand reclaim() {
    Action.Move place = new Action.Move(Setting.to(guests.instance()), true);
    return new SessionCommand.Reclaim(guests.epoch(guest), place, connection);
  }

  /// A detach is not answered. What is said behind it is, once it is durable: a question whose
  /// answer is no.
  private void detach() {
    tell(new SessionCommand.Detach(guests.epoch(guest)));
    tell(new SessionCommand.Quit("no token", answers));
  }

  private void attached(Step step, Notice.Attached attached) {
    if (!attached.session().equals(guests.session(guest))
        || attached.epoch() == guests.epoch(guest)) {
      return; // the answer to a repetition
    }
    guests.attached(guest, attached.epoch());
    boolean whole =
        switch (step) {
          case ATTACH -> !attached.resumed();
          case RETURN ->
              attached.resumed()
                  && attached.instances().containsKey(guests.instance())
                  && guests.instance().equals(attached.profile().location());
          default -> false;
        };
    if (whole) {
      done(step);
    } else {
      failed(step, attached.toString());
    }
  }

  private void answered(Step step, boolean yes) {
    switch (step) {
      case DETACH -> done(step);
      case EVICT, CLEAR -> {
        if (yes) {
          done(step);
        } else {
          failed(step, "there was no such session: " + guests.session(guest));
        }
      }
      case ATTACH, JOIN, LOOK, SPEAK, KEEP, RETURN, COUNT -> {} // the answer to a repetition
    }
  }

  /// The instance may not have been told of the last change yet.
  private void described(Step step, ChatInstance.Description description) {
    if (step != Step.COUNT) {
      return;
    }
    Counts expected = new Counts(members, viewers, members, 0);
    if (description.counts().equals(expected)) {
      done(step);
    } else if (looks++ < LOOKS_MAX) {
      timers.startSingleTimer(Again.AGAIN, LOOK_AGAIN);
    } else {
      failed(step, "%s, expected %s".formatted(description, expected));
    }
  }

  private void again(Step step) {
    if (step != Step.COUNT) {
      outcome = outcome.plus(new Outcome(0, 1, ""));
    }
    if (step == Step.JOIN || step == Step.LOOK || step == Step.SPEAK) {
      orders--; // the same order once more
    }
    ask(step);
  }

  private void failed(Step step, String complaint) {
    outcome = outcome.plus(new Outcome(-1, 0, step + ": " + complaint));
    done(step);
  }

  private void done(Step step) {
    timers.cancel(Again.AGAIN);
    outcome = outcome.plus(new Outcome(1, 0, ""));
    switch (step) {
      case JOIN -> members++;
      case LOOK -> viewers++;
      case EVICT, CLEAR -> {
        members--;
        viewers = Math.max(0, viewers - 1); // all of a room look, or nobody
      }
      case ATTACH, SPEAK, KEEP, DETACH, RETURN, COUNT -> {}
    }
    guest++;
    if (guest < step.end(guests.size())) {
      ask(step);
    } else if (task != null) {
      ActorRef<Hall.Command> hall = task.hall();
      task = null;
      hall.tell(new Hall.Finished(outcome));
    }
  }
}
