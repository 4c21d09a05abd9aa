package presence.gateway;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import presence.gateway.Relay.Delivery;
import presence.gateway.Relay.Page;
import presence.gateway.Relay.Refused;
import presence.gateway.Relay.RosterPage;
import presence.protocol.ErrorCode;
import presence.protocol.ServerMessage;

/// The roster of one instance, page by page, for who asks; until there is a replica they wait.
final class Pages {
  private final String instance;
  private final Cuts cuts;
  private final List<Page> waiting = new ArrayList<>();

  Pages(String instance, Cuts cuts) {
    this.instance = instance;
    this.cuts = cuts;
  }

  void ask(Page page) {
    waiting.add(page);
  }

  void serve(Replica replica, long now) {
    waiting.forEach(page -> page.replyTo().tell(answer(page, replica, now)));
    waiting.clear();
  }

  private Delivery answer(Page page, Replica replica, long now) {
    if (page.cursor() == null) {
      return new RosterPage(instance, cuts.first(replica.view(), page.limit(), page.ref(), now));
    }
    Optional<ServerMessage.Roster> next =
        cuts.next(page.cursor(), replica.view(), page.limit(), page.ref(), now);
    return next.<Delivery>map(each -> new RosterPage(instance, each))
        .orElseGet(() ->
            new Refused(
                instance,
                ErrorCode.CONFLICT,
                "the cut of this cursor is not kept here; start again",
                page.ref()));
  }

  /// There is no such instance.
  void refuse() {
    waiting.forEach(page ->
        page.replyTo()
            .tell(
                new Refused(
                    instance, ErrorCode.NOT_FOUND, "there is no such instance", page.ref())));
    waiting.clear();
  }

  /// Whether nobody waits and nothing is kept.
  boolean isIdle(long now) {
    return waiting.isEmpty() && cuts.isEmpty(now);
  }
}
