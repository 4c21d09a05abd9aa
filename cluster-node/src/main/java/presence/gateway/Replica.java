package presence.gateway;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.pcollections.HashTreePMap;
import org.pcollections.HashTreePSet;
import org.pcollections.PMap;
import presence.instance.Change;
import presence.instance.Changes;
import presence.instance.ChatInstance;
import presence.instance.Fingerprint;
import presence.instance.Merge;
import presence.protocol.ChatMessage;
import presence.protocol.Member;
import presence.protocol.Position;
import presence.protocol.ServerMessage;
import presence.protocol.View;

/// An instance as a node knows it: the view at some seq, what led to it, and what was said lately.
/// Immutable.
///
/// @param print of the view's sets, kept step by step
public record Replica(View view, Fingerprint print, Changes changes, List<Change.Message> history) {

  /// What of the stream a replica keeps; config keys under `presence.instance`.
  ///
  /// @param historyBytesMax of text in a `chat:history`: the newest messages that fit are sent
  public record Limits(int ringSize, Duration ringAge, int historySize, int historyBytesMax) {}

  /// The replica that an exact cut makes.
  static Replica of(String instance, ChatInstance.Cut cut) {
    PMap<String, Member> online = HashTreePMap.empty();
    for (Member member : cut.online()) {
      online = online.plus(member.id(), member);
    }
    View view = new View(instance, cut.at(), online, HashTreePSet.from(cut.here()), cut.counts());
    return new Replica(view, Fingerprint.of(sets(view)), Changes.NONE, cut.history());
  }

  Position at() {
    return view.at();
  }

  /// Whether these changes can be applied: they begin at or before where the replica stands.
  boolean follows(ChatInstance.Published published) {
    return published.epoch() == at().epoch() && published.from() <= at().seq();
  }

  /// What of it is new here.
  List<Change> news(ChatInstance.Published published) {
    return published.changes().stream().filter(each -> each.seq() > at().seq()).toList();
  }

  /// The replica after these changes, each the next.
  Replica apply(List<Change> news, Limits limits) {
    View nowView = view;
    Fingerprint nowPrint = print;
    Changes nowChanges = changes;
    List<Change.Message> nowHistory = history;
    for (Change change : news) {
      nowChanges = nowChanges.plus(change);
      switch (change) {
        case Change.People(ServerMessage.Delta delta, long _) -> {
          View before = nowView;
          nowView = before.apply(delta);
          nowPrint = nowPrint.moved(touched(delta), sets(before), sets(nowView));
        }
        case Change.Message message -> {
          nowView = nowView.apply(message.message());
          nowHistory = appended(nowHistory, message, limits.historySize());
        }
      }
    }
    long oldest = news.isEmpty() ? 0 : news.getLast().at() - limits.ringAge().toMillis();
    return new Replica(nowView, nowPrint, nowChanges.trim(limits.ringSize(), oldest), nowHistory);
  }

  private static List<Change.Message> appended(
      List<Change.Message> history, Change.Message message, int sizeMax) {
    List<Change.Message> longer = new ArrayList<>(history);
    longer.add(message);
    return List.copyOf(longer.subList(Math.max(0, longer.size() - sizeMax), longer.size()));
  }

  /// With what came before; itself where that does not lead up to what is here.
  Replica precededBy(long epoch, List<Change> earlier) {
    List<Change> known = earlier.stream().filter(each -> each.seq() <= at().seq()).toList();
    boolean leadsHere =
        epoch == at().epoch()
            && !known.isEmpty()
            && (!changes.all().isEmpty() || known.getLast().seq() == at().seq());
    return leadsHere ? new Replica(view, print, changes.precededBy(known), history) : this;
  }

  /// Whether what the instance says of itself at the end of these changes is what is here. True
  /// where that cannot be told: the replica stands elsewhere, or an older node says nothing.
  boolean agrees(ChatInstance.Published published) {
    if (published.print() == 0 || published.until() != at().seq()) {
      return true;
    }
    Fingerprint own = published.changes().isEmpty() ? Fingerprint.of(sets(view)) : print;
    return own.with(view.counts()) == published.print();
  }

  private static Fingerprint.Sets sets(View view) {
    return new Fingerprint.Sets(view.online(), view.here());
  }

  private static Set<String> touched(ServerMessage.Delta delta) {
    Set<String> persons = new HashSet<>(delta.left());
    persons.addAll(delta.here());
    persons.addAll(delta.away());
    delta.joined().forEach(each -> persons.add(each.id()));
    delta.renamed().forEach(each -> persons.add(each.id()));
    return persons;
  }

  /// What followed `seq`, with neighbouring deltas merged; empty when it is not known here.
  Optional<List<ServerMessage>> since(long seq, String session) {
    return changes.since(seq, at().seq()).map(missed -> merged(missed, session));
  }

  private static List<ServerMessage> merged(List<Change> missed, String session) {
    List<ServerMessage> messages = new ArrayList<>();
    List<ServerMessage.Delta> deltas = new ArrayList<>();
    for (Change change : missed) {
      switch (change) {
        case Change.People people -> deltas.add(people.delta());
        case Change.Message message -> {
          merge(deltas, messages);
          messages.add(shown(message, session));
        }
      }
    }
    merge(deltas, messages);
    return messages;
  }

  private static void merge(List<ServerMessage.Delta> deltas, List<ServerMessage> messages) {
    if (!deltas.isEmpty()) {
      messages.add(Merge.of(deltas));
      deltas.clear();
    }
  }

  /// A message as the owner of this session sees it: only its author is told the `clientMessageId`.
  static ServerMessage.Said shown(Change.Message message, @Nullable String session) {
    ServerMessage.Said said = message.message();
    return message.session().equals(session)
        ? said
        : new ServerMessage.Said(
            said.instance(),
            said.epoch(),
            said.seq(),
            said.id(),
            said.from(),
            said.text(),
            said.at(),
            null,
            null);
  }

  /// The newest messages that fit, oldest first.
  ServerMessage.History historyMessage(int bytesMax) {
    int size = 0;
    int first = history.size();
    while (first > 0) {
      size += history.get(first - 1).message().text().length() * 3;
      if (size > bytesMax) {
        break;
      }
      first--;
    }
    return new ServerMessage.History(
        view.instance(),
        history.subList(first, history.size()).stream()
            .map(Change.Message::message)
            .map(said ->
                new ChatMessage(said.seq(), said.id(), said.from(), said.text(), said.at(), null))
            .toList());
  }
}
