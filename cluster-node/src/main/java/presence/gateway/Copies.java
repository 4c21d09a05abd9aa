package presence.gateway;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import presence.instance.Change;
import presence.protocol.ClientMessage.RosterMode;
import presence.protocol.Counts;
import presence.protocol.Position;
import presence.protocol.ServerMessage;

/// A replica as those who follow it read it. What many read alike is encoded once.
final class Copies {
  private final String instance;
  private final Relay.Settings settings;
  private final Cuts cuts;
  private final Map<RosterMode, Relay.Stream> snapshots = new EnumMap<>(RosterMode.class);
  private @Nullable Encoded history;

  Copies(String instance, Relay.Settings settings, Cuts cuts) {
    this.instance = instance;
    this.settings = settings;
    this.cuts = cuts;
  }

  /// The replica is another.
  void renew() {
    snapshots.clear();
    history = null;
  }

  /// The cut behind the cursor of a paged snapshot is not kept for ever.
  void forgetPaged(Replica now) {
    if (now.view().online().size() > settings.cuts().page()) {
      snapshots.clear();
    }
  }

  /// What whoever asked follows: what it said, or by the size of the room.
  RosterMode mode(Replica now, Relay.Follow asked) {
    if (asked.mode() != null) {
      return asked.mode();
    }
    return now.view().online().size() <= settings.rosterFullMax()
        ? RosterMode.FULL
        : RosterMode.COUNTS;
  }

  /// What a new follower is given first: what it missed, where that is known, else a snapshot.
  Relay.Stream first(Replica now, Relay.Follow asked, RosterMode mode) {
    Position since = asked.since();
    Optional<List<ServerMessage>> missed =
        since != null && since.epoch() == now.at().epoch()
            ? now.since(since.seq(), asked.session() == null ? "" : asked.session())
            : Optional.empty();
    if (missed.isEmpty()) {
      return snapshot(now, mode, asked.ref());
    }
    List<Encoded> messages = new ArrayList<>();
    for (ServerMessage message : missed.get()) {
      messages.add(
          encode(message instanceof ServerMessage.Delta delta ? inMode(delta, mode) : message));
    }
    if (messages.isEmpty() || asked.ref() != null) {
      messages.add(encode(inMode(upToDate(now, asked.ref()), mode)));
    }
    return new Relay.Stream(instance, messages, false);
  }

  private ServerMessage.Delta upToDate(Replica now, @Nullable String ref) {
    Position at = now.at();
    return new ServerMessage.Delta(
        instance,
        at.epoch(),
        at.seq(),
        at.seq(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        now.view().counts(),
        ref);
  }

  /// The replica as it is now, and what was said lately.
  Relay.Stream snapshot(Replica now, RosterMode mode, @Nullable String ref) {
    Relay.Stream common =
        snapshots.computeIfAbsent(
            mode, each -> beginning(encode(presence(now, each)), history(now)));
    return ref == null
        ? common
        : beginning(common.messages().getFirst().withRef(settings.codec(), ref), history(now));
  }

  private Relay.Stream beginning(Encoded snapshot, Encoded words) {
    return new Relay.Stream(instance, List.of(snapshot, words), true);
  }

  private Encoded history(Replica now) {
    if (history == null) {
      history = encode(now.historyMessage(settings.replica().historyBytesMax()));
    }
    return history;
  }

  private ServerMessage.Presence presence(Replica now, RosterMode mode) {
    Position at = now.at();
    Counts counts = now.view().counts();
    if (mode == RosterMode.COUNTS) {
      return new ServerMessage.Presence(
          instance, at.epoch(), at.seq(), mode, List.of(), List.of(), counts, false, null, null);
    }
    ServerMessage.Roster page = cuts.first(now.view(), null, null, settings.clock().millis());
    return new ServerMessage.Presence(
        instance,
        at.epoch(),
        at.seq(),
        mode,
        page.members(),
        page.here(),
        counts,
        page.cursor() == null,
        page.cursor(),
        null);
  }

  /// Changes as they come. An author's copy goes to one alone, and is not worth compressing.
  ///
  /// @param session whose own messages carry their `clientMessageId`
  List<Encoded> changes(List<Change> news, RosterMode mode, @Nullable String session) {
    return news.stream()
        .map(change ->
            switch (change) {
              case Change.People people -> encode(inMode(people.delta(), mode));
              case Change.Message message -> encode(Replica.shown(message, session));
            })
        .map(change -> session == null ? change : change.forOne())
        .toList();
  }

  private static ServerMessage inMode(ServerMessage.Delta delta, RosterMode mode) {
    return mode == RosterMode.FULL
        ? delta
        : new ServerMessage.CountsChange(
            delta.instance(),
            delta.epoch(),
            delta.from(),
            delta.seq(),
            delta.counts(),
            delta.ref());
  }

  private Encoded encode(ServerMessage message) {
    return Encoded.of(settings.codec(), message);
  }
}
