package presence.protocol;

import java.util.stream.Collectors;
import org.pcollections.HashTreePMap;
import org.pcollections.HashTreePSet;
import org.pcollections.PMap;
import org.pcollections.PSet;

/// An instance as its stream tells it: the sets at one sequence number, and how a change leads to
/// the next. Immutable; views share their structure, so keeping an old one costs next to nothing.
///
/// @param online everyone online by id
/// @param here the ids of who is here, a subset of `online`
public record View(
    String instance, Position at, PMap<String, Member> online, PSet<String> here, Counts counts) {

  /// An instance nobody has joined yet.
  public static View empty(String instance) {
    return new View(
        instance, Position.NOWHERE, HashTreePMap.empty(), HashTreePSet.empty(), Counts.NONE);
  }

  /// The view that a snapshot shows; of one that is not complete, its first page.
  public static View of(ServerMessage.Presence snapshot) {
    return empty(snapshot.instance())
        .with(
            new Position(snapshot.epoch(), snapshot.seq()),
            HashTreePMap.from(
                snapshot.online().stream().collect(Collectors.toMap(Member::id, each -> each))),
            HashTreePSet.from(snapshot.here()),
            snapshot.counts());
  }

  /// A stream that does not go on where the view stands: something was missed.
  public static final class Gap extends IllegalStateException {
    Gap(View view, long epoch, long from) {
      super(
          "the view of %s stands at %s, the change goes on from %d:%d"
              .formatted(view.instance, view.at, epoch, from));
    }
  }

  /// The view after a change.
  ///
  /// @throws Gap when the change does not begin where this view stands
  public View apply(ServerMessage.Delta delta) {
    checkFollows(delta.epoch(), delta.from());
    PMap<String, Member> nowOnline = online.minusAll(delta.left());
    for (Member member : delta.joined()) {
      nowOnline = nowOnline.plus(member.id(), member);
    }
    for (Member member : delta.renamed()) {
      nowOnline = nowOnline.plus(member.id(), member);
    }
    PSet<String> nowHere = here.minusAll(delta.left()).minusAll(delta.away()).plusAll(delta.here());
    return with(new Position(delta.epoch(), delta.seq()), nowOnline, nowHere, delta.counts());
  }

  /// The view after a message: the same sets, one further.
  ///
  /// @throws Gap when the message does not come next
  public View apply(ServerMessage.Said message) {
    checkFollows(message.epoch(), message.seq() - 1);
    return with(new Position(message.epoch(), message.seq()), online, here, counts);
  }

  /// The view after a change of which only the counts are told: the same sets.
  ///
  /// @throws Gap when the change does not begin where this view stands
  public View apply(ServerMessage.CountsChange change) {
    checkFollows(change.epoch(), change.from());
    return with(new Position(change.epoch(), change.seq()), online, here, change.counts());
  }

  /// The view with a further page of the cut it began as.
  ///
  /// @throws Gap when the page is of another cut
  public View plus(ServerMessage.Roster page) {
    checkFollows(page.epoch(), page.seq());
    PMap<String, Member> more = online;
    for (Member member : page.members()) {
      more = more.plus(member.id(), member);
    }
    return with(at, more, here.plusAll(page.here()), counts);
  }

  private void checkFollows(long epoch, long from) {
    if (epoch != at.epoch() || from != at.seq()) {
      throw new Gap(this, epoch, from);
    }
  }

  private View with(Position at, PMap<String, Member> online, PSet<String> here, Counts counts) {
    return new View(instance, at, online, here, counts);
  }
}
