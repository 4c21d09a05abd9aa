package presence.user;

import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.pcollections.OrderedPMap;
import presence.cluster.Remote;
import presence.protocol.ErrorCode;
import presence.user.Items.Entry;
import presence.user.Items.Slot;

/// The mail of one person, or of one anonymous session: letters to them, outcomes of letters they
/// sent. Immutable; what is decided is an event, and the event is what changes it.
///
/// | what happens to an item | its targets | it leaves the mailbox |
/// |---|---|---|
/// | it comes | the sessions of then, or the one it is for; if there is none, the next that comes | |
/// | a session acknowledges it | without that session | when no target is left |
/// | a target ends | without it; after the last, the next session that comes | if it was acknowledged |
/// | its time is over | | at once |
///
/// A session that was there before is no target of what others left: it may have younger letters of
/// the same sender already.
///
/// The first acknowledgement of a letter decides its outcome, `delivered`; if its time is over
/// without one, that is `expired`. An outcome is owed until the sender's mailbox took it.
///
/// @param memory of the letters accepted lately
/// @param owed outcomes by their letter's id
@JsonSerialize(converter = WrittenMailbox.Writing.class)
@JsonDeserialize(converter = WrittenMailbox.Reading.class)
public record Mailbox(Items items, Memory memory, OrderedPMap<String, Owed> owed)
    implements Remote {

  public static final Mailbox EMPTY = new Mailbox(Items.NONE, Memory.EMPTY, OrderedPMap.empty());

  record Owed(Address sender, Item.Outcome outcome) implements Remote {}

  /// What is to be done with a posting.
  public sealed interface Ruling {
    /// It was accepted before, under this id.
    record Repeated(String id) implements Ruling {}

    record Refused(ErrorCode code) implements Ruling {}

    record Take(MailEvent.Accepted event) implements Ruling {}
  }

  /// Whether the mailbox has nothing to do unasked.
  public boolean isIdle() {
    return items.isEmpty() && owed.isEmpty();
  }

  /// Takes a letter in, knows it already, or refuses it.
  public Ruling rule(Posting posting, long now, MailLimits limits) {
    Memory.Remembered before = memory.of(posting, now, limits);
    if (before != null) {
      return before.body().equals(posting.body())
          ? new Ruling.Repeated(before.id())
          : new Ruling.Refused(ErrorCode.CONFLICT);
    }
    String id = posting.idAt(now);
    int crowdedOut = roomFor(Entry.of(posting, id, List.of(), now).weight(), limits);
    return crowdedOut < 0
        ? new Ruling.Refused(ErrorCode.MAILBOX_FULL)
        : new Ruling.Take(
            new MailEvent.Accepted(posting, id, crowdedOut, memory.outdated(now, limits), now));
  }

  /// How many letters that were delivered and wait for further sessions must go so that one of this
  /// weight fits; -1 = it does not fit.
  private int roomFor(int weight, MailLimits limits) {
    int count = items.letters() + owed.size() + 1 - limits.itemsMax();
    int bytes = items.bytes() + weight - limits.bytesMax();
    int out = 0;
    for (Entry entry : items.all().values()) {
      if (count <= 0 && bytes <= 0) {
        break;
      }
      if (isDelivered(entry)) {
        count--;
        bytes -= entry.weight();
        out++;
      }
    }
    return count <= 0 && bytes <= 0 ? out : -1;
  }

  private static boolean isDelivered(Entry entry) {
    return entry.isLetter() && entry.settled();
  }

  /// What it means that a session has these items; nothing = none of them is here.
  public @Nullable MailEvent acknowledgement(String session, Collection<String> ids, long now) {
    List<String> known = ids.stream().distinct().filter(id -> meant(session, id) != null).toList();
    return known.isEmpty() ? null : new MailEvent.Acknowledged(session, known, now);
  }

  /// Which item a session means by an id: the letter, unless the session has acknowledged that.
  private @Nullable Entry meant(String session, String id) {
    Entry letter = items.get(new Slot(false, id));
    return letter != null && (!letter.settled() || letter.isFor(session))
        ? letter
        : items.get(new Slot(true, id));
  }

  /// What it means that letters of the owner came to this; nothing = that is known.
  public @Nullable MailEvent news(List<Item.Outcome> outcomes, long now, MailLimits limits) {
    List<Item.Outcome> unknown = outcomes.stream().filter(each -> !items.has(each)).toList();
    int tooMany = items.outcomes() + unknown.size() - limits.itemsMax();
    return unknown.isEmpty()
        ? null
        : new MailEvent.Informed(unknown, Math.clamp(tooMany, 0, items.outcomes()), now);
  }

  /// What it means that the senders of these letters know what became of them; nothing = no letter
  /// of these is owed to anybody.
  public @Nullable MailEvent report(Collection<String> ids, long now) {
    List<String> known = ids.stream().filter(owed::containsKey).toList();
    return known.isEmpty() ? null : new MailEvent.Reported(known, now);
  }

  /// What is over now; nothing = everything may still be delivered.
  public @Nullable MailEvent expiry(long now, MailLimits limits) {
    return nextExpiry(limits) <= now
        ? new MailEvent.Expired(now - limits.timeToLive().toMillis(), now)
        : null;
  }

  /// When the oldest item came, in milliseconds since 1970; nothing = the mailbox is empty.
  public OptionalLong oldestAt() {
    return items.isEmpty()
        ? OptionalLong.empty()
        : OptionalLong.of(items.all().values().iterator().next().at());
  }

  /// When the first item expires.
  public long nextExpiry(MailLimits limits) {
    return items.isEmpty()
        ? Turns.NEVER
        : items.all().values().iterator().next().at() + limits.timeToLive().toMillis();
  }

  /// The mailbox after an event.
  ///
  /// @param live the sessions its owner has
  public Mailbox apply(MailEvent event, List<String> live) {
    return switch (event) {
      case MailEvent.Accepted accepted -> accepted(accepted, live);
      case MailEvent.Acknowledged acknowledged -> acknowledged(acknowledged);
      case MailEvent.Expired expired -> expired(expired.since());
      case MailEvent.Informed informed -> informed(informed, live);
      case MailEvent.Reported reported -> new Mailbox(items, memory, owed.minusAll(reported.ids()));
    };
  }

  private Mailbox accepted(MailEvent.Accepted event, List<String> live) {
    Address to = event.posting().to();
    List<String> targets =
        live.stream().filter(each -> to instanceof Address.Person || each.equals(to.id())).toList();
    return new Mailbox(
        items
            .without(event.crowdedOut(), Mailbox::isDelivered)
            .with(Entry.of(event.posting(), event.id(), targets, event.at())),
        memory.with(event),
        owed);
  }

  private Mailbox acknowledged(MailEvent.Acknowledged event) {
    Mailbox next = this;
    for (String id : event.ids()) {
      Entry entry = next.meant(event.session(), id);
      if (entry != null) {
        Entry after = entry.acknowledged().without(event.session());
        next =
            next.owing(entry, Item.Result.DELIVERED)
                .with(
                    after.targets().isEmpty() ? next.items.without(entry) : next.items.with(after));
      }
    }
    return next;
  }

  private Mailbox informed(MailEvent.Informed event, List<String> live) {
    Items next = items.without(event.crowdedOut(), entry -> !entry.isLetter());
    for (Item.Outcome outcome : event.outcomes()) {
      next = next.with(new Entry(outcome, null, List.copyOf(live), false, event.at()));
    }
    return with(next);
  }

  /// A session of the owner came: what waits for the next one is for it.
  public Mailbox came(String session) {
    return with(
        items.each(
            entry -> Optional.of(entry.targets().isEmpty() ? entry.to(List.of(session)) : entry)));
  }

  /// A session of the owner ended.
  public Mailbox ended(String session) {
    return with(
        items.each(entry -> {
          Entry after = entry.without(session);
          boolean isOver = entry.isFor(session) && after.targets().isEmpty() && entry.settled();
          return isOver ? Optional.empty() : Optional.of(after);
        }));
  }

  /// Nobody will ever come for the mail again.
  public Mailbox closed() {
    return expired(Long.MAX_VALUE);
  }

  private Mailbox expired(long since) {
    Mailbox next = this;
    for (Entry entry : items.all().values()) {
      if (entry.at() <= since) {
        next = next.owing(entry, Item.Result.EXPIRED).with(next.items.without(entry));
      }
    }
    return next;
  }

  /// The first thing that becomes of a letter is what its sender is told.
  private Mailbox owing(Entry entry, Item.Result result) {
    Address sender = entry.sender();
    String id = entry.item().id();
    return sender == null || entry.settled()
        ? this
        : new Mailbox(items, memory, owed.plus(id, new Owed(sender, new Item.Outcome(id, result))));
  }

  private Mailbox with(Items next) {
    return new Mailbox(next, memory, owed);
  }
}
