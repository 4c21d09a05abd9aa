package presence.simulation;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.regex.Pattern;
import org.apache.pekko.actor.ActorCell;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.typed.internal.AdaptMessage;
import org.apache.pekko.actor.typed.internal.TimerSchedulerImpl;
import org.apache.pekko.dispatch.AbstractNodeQueue;
import org.apache.pekko.dispatch.Envelope;
import org.apache.pekko.dispatch.Mailbox;
import org.apache.pekko.persistence.JournalProtocol;
import org.apache.pekko.persistence.PersistentRepr;

/// What happened last, in order: every delivery to an actor, and what network, journal and harness
/// did in between.
public final class Trace {

  private static final Pattern IDENTITY_HASH = Pattern.compile("@[0-9a-f]{5,8}\\b");
  private static final Pattern COUNTED = Pattern.compile("\\$.*");
  private static final String WORLD = "/user/" + Guardian.NAME + "/";

  private final VirtualTime time;
  private final ArrayDeque<Entry> entries = new ArrayDeque<>();
  private int capacity = 400;

  Trace(VirtualTime time) {
    this.time = time;
  }

  /// Keeps everything from now on.
  public void keepAll() {
    capacity = Integer.MAX_VALUE;
  }

  /// The newest entries, oldest first.
  public List<String> lines(int max) {
    return entries.stream().skip(Math.max(0, entries.size() - max)).map(Trace::line).toList();
  }

  /// All entries that were kept, oldest first.
  public List<String> lines() {
    return lines(Integer.MAX_VALUE);
  }

  /// Notes something that is no delivery. The parts are put together only when somebody reads them.
  void note(String format, Object... parts) {
    add(new Entry(time.nanos(), format, List.of(parts)));
  }

  /// Notes the message a mailbox is about to hand to its actor.
  void delivery(Mailbox mailbox) {
    var next =
        switch (mailbox.messageQueue()) {
          case AbstractNodeQueue<?> queue -> queue.peek();
          case Queue<?> queue -> queue.peek();
          default -> null;
        };
    if (next instanceof Envelope envelope && mailbox.shouldProcessMessage()) {
      add(new Entry(time.nanos(), "%s <- %s", List.of(mailbox.actor(), envelope.message())));
    } else {
      add(new Entry(time.nanos(), "%s <- (system)", List.of(mailbox.actor())));
    }
  }

  /// How an actor is called in a trace.
  static String name(ActorRef ref) {
    var path = ref.path().toStringWithoutAddress();
    var name = path.startsWith(WORLD) ? path.substring(WORLD.length()) : path;
    if (name.startsWith("$$")) {
      // A function's ref is called $$ID-NAME.
      return name.substring(name.indexOf('-') + 1);
    }
    // The system's actors outlive worlds, and so do the counters that name their children.
    return name.startsWith("/system/") ? COUNTED.matcher(name).replaceAll("\\$") : name;
  }

  private void add(Entry entry) {
    if (entries.size() >= capacity) {
      entries.removeFirst();
    }
    entries.add(entry);
  }

  private static String line(Entry entry) {
    var parts = entry.parts.stream().map(Trace::text).toArray();
    return String.format(Locale.ROOT, "%10.6f  ", entry.nanos / 1e9)
        + String.format(Locale.ROOT, entry.format, parts);
  }

  private static String text(Object part) {
    return switch (part) {
      case ActorCell cell -> name(cell.self());
      case ActorRef ref -> name(ref);
      case AdaptMessage<?, ?> adapted -> text(adapted.message());
      case TimerSchedulerImpl.TimerMsg timer -> "timer " + text(timer.key());
      case JournalProtocol.WriteMessageSuccess done -> "written " + text(done.persistent());
      case JournalProtocol.ReplayedMessage replayed -> "replayed " + text(replayed.persistent());
      case PersistentRepr event -> "#" + event.sequenceNr() + " " + text(event.payload());
      case Iterable<?> many -> text(many.iterator());
      default ->
          part.getClass().getName().startsWith("org.apache.pekko.")
              ? part.getClass().getSimpleName()
              : IDENTITY_HASH.matcher(String.valueOf(part)).replaceAll("@");
    };
  }

  private static String text(Iterator<?> many) {
    var text = new StringBuilder();
    many.forEachRemaining(one -> text.append(text.isEmpty() ? "" : ", ").append(text(one)));
    return text.toString();
  }

  private record Entry(long nanos, String format, List<Object> parts) {}
}
