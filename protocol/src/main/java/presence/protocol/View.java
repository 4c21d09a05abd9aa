package presence.protocol;

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
        instance, new Position(0, 0), HashTreePMap.empty(), HashTreePSet.empty(), Counts.NONE);
  }

  /// The view that a complete snapshot shows.
  public static View of(ServerMessage.Presence snapshot) {
    return empty(snapshot.instance())
        .with(
            new Position(snapshot.epoch(), snapshot.seq()),
            HashTreePMap.from(
                snapshot.online().stream()
                    .collect(java.util.stream.Collectors.toMap(Member::id, each -> each))),
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

  private void checkFollows(long epoch, long from) {
    if (epoch != at.epoch() || from != at.seq()) {
      throw new Gap(this, epoch, from);
    }
  }

  private View with(Position at, PMap<String, Member> online, PSet<String> here, Counts counts) {
    return new View(instance, at, online, here, counts);
  }
}
