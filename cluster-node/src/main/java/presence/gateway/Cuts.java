package presence.gateway;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import presence.protocol.Member;
import presence.protocol.ServerMessage;
import presence.protocol.View;

/// Rosters at some seq, kept for a while so that they can be read page by page.
public final class Cuts {
  private static final Pattern CURSOR = Pattern.compile("(\\d{1,16})\\.(\\d{1,16})\\.(\\d{1,9})");

  /// How many cuts are kept for how long, and how long a page is; config keys under
  /// `presence.roster`.
  public record Limits(int cutsMax, Duration keep, int page) {}

  private record Cut(View view, List<Member> members, long until) {}

  private final Limits limits;
  private final ArrayDeque<Cut> cuts = new ArrayDeque<>(0);

  Cuts(Limits limits) {
    this.limits = limits;
  }

  /// The first page of the roster as it is now.
  ServerMessage.Roster first(View view, @Nullable Integer limit, @Nullable String ref, long now) {
    return page(cut(view, now), 0, limit, ref);
  }

  /// The page that a cursor names, of a cut that is kept or of the roster as it is now: a cursor of
  /// another node serves here as long as nothing has changed. Otherwise empty.
  Optional<ServerMessage.Roster> next(
      String cursor, View view, @Nullable Integer limit, @Nullable String ref, long now) {
    Matcher parts = CURSOR.matcher(cursor);
    if (!parts.matches()) {
      return Optional.empty();
    }
    long epoch = Long.parseLong(parts.group(1));
    long seq = Long.parseLong(parts.group(2));
    int offset = Integer.parseInt(parts.group(3));
    Optional<Cut> cut =
        isAt(view, epoch, seq) ? Optional.of(cut(view, now)) : find(epoch, seq, now);
    return cut.filter(each -> offset <= each.members().size())
        .map(each -> page(each, offset, limit, ref));
  }

  /// The cut at this view, the same on every node: at one seq there is one set.
  private Cut cut(View view, long now) {
    return find(view.at().epoch(), view.at().seq(), now)
        .orElseGet(() ->
            new Cut(
                view,
                view.online().values().stream().sorted(Comparator.comparing(Member::id)).toList(),
                now + limits.keep().toMillis()));
  }

  private Optional<Cut> find(long epoch, long seq, long now) {
    cuts.removeIf(cut -> cut.until() <= now);
    return cuts.stream().filter(cut -> isAt(cut.view(), epoch, seq)).findFirst();
  }

  private static boolean isAt(View view, long epoch, long seq) {
    return view.at().epoch() == epoch && view.at().seq() == seq;
  }

  private ServerMessage.Roster page(
      Cut cut, int offset, @Nullable Integer limit, @Nullable String ref) {
    int size = limit == null ? limits.page() : Math.min(limit, limits.page());
    int end = Math.min(offset + size, cut.members().size());
    List<Member> members = cut.members().subList(offset, end);
    View view = cut.view();
    if (end < cut.members().size()) {
      keep(cut);
    }
    return new ServerMessage.Roster(
        view.instance(),
        view.at().epoch(),
        view.at().seq(),
        members,
        members.stream().map(Member::id).filter(view.here()::contains).toList(),
        view.counts(),
        end == cut.members().size() ? null : view.at().epoch() + "." + view.at().seq() + "." + end,
        ref);
  }

  private void keep(Cut cut) {
    if (!cuts.contains(cut)) {
      cuts.add(cut);
      if (cuts.size() > limits.cutsMax()) {
        cuts.removeFirst();
      }
    }
  }

  boolean isEmpty(long now) {
    cuts.removeIf(cut -> cut.until() <= now);
    return cuts.isEmpty();
  }
}
