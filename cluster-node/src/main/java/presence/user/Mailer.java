package presence.user;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What a mailbox does unasked, as far as it need not be remembered: pushes items to sessions until
/// they are acknowledged, and tells senders what became of their letters until they know.
public final class Mailer {
  /// Where it goes.
  public interface Post {
    void push(String session, List<Delivery> deliveries);

    void inform(Address sender, List<Item.Outcome> outcomes);
  }

  private final MailLimits limits;
  private final Post post;
  private Pushes pushes = Pushes.NONE;
  private Turns<String> outcomes = Turns.none();

  public Mailer(MailLimits limits, Post post) {
    this.limits = limits;
    this.post = post;
  }

  /// The mailbox was read from its journal.
  public void recovered(Mailbox box) {
    pushes = Pushes.unknown(box);
    outcomes = Turns.none();
  }

  /// Sends everything that is due.
  public void run(Mailbox box, long now) {
    plan(box, now).forEach(post::push);
    report(box, now);
  }

  /// Tells senders what is due, and pushes nothing: the owner has nobody to push it to.
  public void report(Mailbox box, long now) {
    Map<Address, List<Item.Outcome>> bySender = new LinkedHashMap<>();
    outcomes = outcomes.only(box.owed().keySet());
    List<String> due = outcomes.due(box.owed().keySet(), now);
    for (String id : due) {
      Mailbox.Owed owed = box.owed().get(id);
      if (owed != null) {
        bySender.computeIfAbsent(owed.sender(), any -> new ArrayList<>()).add(owed.outcome());
      }
    }
    outcomes = outcomes.done(due, now, limits.repeats());
    bySender.forEach(post::inform);
  }

  private Map<String, List<Delivery>> plan(Mailbox box, long now) {
    if (box.items().isEmpty()) {
      pushes = Pushes.NONE;
      return Map.of();
    }
    Pushes.Plan plan = pushes.plan(box, now, limits);
    pushes = plan.after();
    return plan.deliveries();
  }

  /// The session attached, and gets what it has not acknowledged; the rest is for others.
  public List<Delivery> collect(String session, Mailbox box, long now) {
    pushes = pushes.again(session);
    return due(session, box, now);
  }

  /// What is due for a session that asks; what is due for others is pushed to them.
  List<Delivery> due(String session, Mailbox box, long now) {
    Map<String, List<Delivery>> plan = new LinkedHashMap<>(plan(box, now));
    List<Delivery> own = plan.remove(session);
    plan.forEach(post::push);
    return own == null ? List.of() : own;
  }

  /// A session came that will ask for its mail.
  void came(String session, Mailbox box, long now) {
    pushes = pushes.expect(session, box, now + limits.pushes().after(1));
  }

  void returned(String session, List<Delivery> deliveries) {
    pushes = pushes.returned(session, deliveries);
  }

  /// When it must run again.
  public long nextAt(Mailbox box, long now) {
    return Math.min(box.nextExpiry(limits), Math.min(pushes.nextAt(now), outcomes.nextAt()));
  }
}
