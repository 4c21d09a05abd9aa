package presence.client;

import org.jspecify.annotations.Nullable;
import presence.protocol.ClientMessage.RosterMode;
import presence.protocol.Position;
import presence.protocol.ServerMessage;
import presence.protocol.ServerMessage.CountsChange;
import presence.protocol.ServerMessage.Delta;
import presence.protocol.ServerMessage.Presence;
import presence.protocol.ServerMessage.Roster;
import presence.protocol.ServerMessage.Said;
import presence.protocol.View;

/// How a client makes one instance's view out of its stream: which messages change it, which are
/// known already, and what to ask for when something is missing. Immutable.
///
/// | state | message | next | asks for |
/// |---|---|---|---|
/// | any | complete snapshot | following | |
/// | any | first page of one | paging | the next page |
/// | blank | change | blank: a snapshot is on its way | |
/// | following | next change | following | |
/// | following | change known already | following | |
/// | following | any other change | following, catching up | what was missed |
/// | catching up | answer that does not fit | blank | a snapshot |
/// | paging | change | paging, change held | |
/// | paging | next page, last page | paging, following | the next page |
/// | paging | page of another cut | blank | a snapshot |
sealed interface Fold {
  /// What a message did.
  enum Verdict {
    APPLIED,
    STALE,
    PARTIAL,
    HELD,
    GAP,
    CONFLICT,
    IGNORED
  }

  /// What has to be asked for.
  sealed interface Ask {
    record Snapshot() implements Ask {}

    record CatchUp(Position since) implements Ask {}

    record Page(String cursor) implements Ask {}
  }

  /// The fold after a message.
  record Step(Fold fold, Verdict verdict, @Nullable Ask ask) {}

  /// Changes held while pages come in; beyond, starting again is cheaper.
  int HELD_MAX = 10_000;

  static Fold blank() {
    return new Blank(null);
  }

  /// The last whole cut, if there was one.
  @Nullable View view();

  /// A change: [Delta], [CountsChange] or [Said].
  ///
  /// @param answer whether it answers what was asked for
  Step change(ServerMessage change, boolean answer);

  /// The fold after the socket was lost: what was asked for does not come any more.
  default Fold lost() {
    return new Blank(view());
  }

  /// How far it has the stream without a hole.
  default @Nullable Position position() {
    return null;
  }

  /// The fold after any message.
  ///
  /// @param answer whether the message answers what was asked for
  default Step step(ServerMessage message, boolean answer) {
    return switch (message) {
      case Presence snapshot -> snapshot(snapshot);
      case Roster page -> this instanceof Paging paging ? paging.page(page) : ignored();
      case Delta _, CountsChange _, Said _ -> change(message, answer);
      default -> ignored();
    };
  }

  private Step snapshot(Presence snapshot) {
    View cut = View.of(snapshot);
    return snapshot.cursor() == null || snapshot.complete()
        ? new Step(new Following(cut, snapshot.roster(), false), Verdict.APPLIED, null)
        : new Step(
            new Paging(view(), cut, snapshot.roster(), null),
            Verdict.PARTIAL,
            new Ask.Page(snapshot.cursor()));
  }

  private Step ignored() {
    return new Step(this, Verdict.IGNORED, null);
  }

  /// Waits for a snapshot.
  record Blank(@Nullable View view) implements Fold {
    @Override
    public Step change(ServerMessage change, boolean answer) {
      return new Step(this, Verdict.GAP, null);
    }
  }

  /// Stands at a cut.
  ///
  /// @param catchingUp whether what was missed has been asked for
  record Following(View view, RosterMode roster, boolean catchingUp) implements Fold {
    @Override
    public Step change(ServerMessage change, boolean answer) {
      Span span = Span.of(change);
      boolean asking = catchingUp && !answer;
      if (span.endsBy(view.at())) {
        return new Step(new Following(view, roster, asking), Verdict.STALE, null);
      }
      if (span.startsAt(view.at()) && told(change)) {
        return new Step(new Following(apply(change), roster, asking), Verdict.APPLIED, null);
      }
      if (asking) {
        return new Step(this, Verdict.GAP, null);
      }
      return catchingUp
          ? new Step(new Blank(view), Verdict.GAP, new Ask.Snapshot())
          : new Step(new Following(view, roster, true), Verdict.GAP, new Ask.CatchUp(view.at()));
    }

    /// Counts alone do not tell who came and who went.
    private boolean told(ServerMessage change) {
      return roster == RosterMode.COUNTS || !(change instanceof CountsChange);
    }

    private View apply(ServerMessage change) {
      return switch (change) {
        case Said said -> view.apply(said);
        case CountsChange counts -> view.apply(counts);
        case Delta delta when roster == RosterMode.COUNTS ->
            view.apply(
                new CountsChange(
                    delta.instance(),
                    delta.epoch(),
                    delta.from(),
                    delta.seq(),
                    delta.counts(),
                    null));
        case Delta delta -> view.apply(delta);
        default -> throw new IllegalArgumentException("no change: " + change);
      };
    }

    @Override
    public Fold lost() {
      return new Following(view, roster, false);
    }

    @Override
    public Position position() {
      return view.at();
    }
  }

  /// Collects the pages of a cut.
  ///
  /// @param view the whole cut before
  /// @param draft the pages so far
  record Paging(@Nullable View view, View draft, RosterMode roster, @Nullable Held held)
      implements Fold {
    @Override
    public Step change(ServerMessage change, boolean answer) {
      if (Span.of(change).endsBy(draft.at())) {
        return new Step(this, Verdict.STALE, null);
      }
      if (held != null && held.size() >= HELD_MAX) {
        return new Step(new Blank(view), Verdict.GAP, new Ask.Snapshot());
      }
      Held more = new Held(change, held, held == null ? 1 : held.size() + 1);
      return new Step(new Paging(view, draft, roster, more), Verdict.HELD, null);
    }

    private Step page(Roster page) {
      if (!draft.at().equals(new Position(page.epoch(), page.seq()))) {
        return new Step(new Blank(view), Verdict.CONFLICT, new Ask.Snapshot());
      }
      View more = draft.plus(page);
      if (page.cursor() != null) {
        return new Step(
            new Paging(view, more, roster, held), Verdict.PARTIAL, new Ask.Page(page.cursor()));
      }
      return Held.replay(held, new Step(new Following(more, roster, false), Verdict.APPLIED, null));
    }
  }

  /// The changes held so far, the newest first.
  record Held(ServerMessage change, @Nullable Held before, int size) {
    /// The step after all of them; a gap among them is the step's verdict.
    private static Step replay(@Nullable Held newest, Step step) {
      Held oldest = null;
      for (Held each = newest; each != null; each = each.before()) {
        oldest = new Held(each.change(), oldest, 0);
      }
      Step result = step;
      for (Held each = oldest; each != null; each = each.before()) {
        Step next = result.fold().change(each.change(), false);
        boolean gap = result.verdict() == Verdict.GAP;
        result =
            new Step(
                next.fold(),
                gap || next.verdict() == Verdict.GAP ? Verdict.GAP : Verdict.APPLIED,
                gap ? result.ask() : next.ask());
      }
      return result;
    }
  }

  /// Which part of the stream a change covers: after `from`, up to `seq`.
  record Span(long epoch, long from, long seq) {
    static Span of(ServerMessage change) {
      return switch (change) {
        case Delta delta -> new Span(delta.epoch(), delta.from(), delta.seq());
        case CountsChange counts -> new Span(counts.epoch(), counts.from(), counts.seq());
        case Said said -> new Span(said.epoch(), said.seq() - 1, said.seq());
        default -> throw new IllegalArgumentException("no change: " + change);
      };
    }

    boolean endsBy(Position at) {
      return epoch == at.epoch() && seq <= at.seq();
    }

    boolean startsAt(Position at) {
      return epoch == at.epoch() && from == at.seq();
    }
  }
}
