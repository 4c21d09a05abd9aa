package presence.load.check;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import presence.load.record.Line;
import presence.load.record.Recording;

/// What one client meant to be, from its own acts alone: a member of which instances, here in which
/// of them, and since when. The loss of its socket changes nothing as long as it is back within its
/// grace, which is counted from the last frame it got: nobody can have noticed sooner.
final class Story {
  /// From then on the client means to be a member, and to be here, or no longer.
  record Turn(long at, String instance, boolean member, boolean here) {}

  private final Line.Client client;
  private final Findings findings;
  private final List<Turn> turns = new ArrayList<>();
  private final Set<String> joined = new HashSet<>();
  private final Set<String> shown = new HashSet<>();
  private @Nullable String slug;
  private boolean visible = true;
  private boolean alive;
  private boolean open;
  private long heardAt;
  private long quietAt;
  private String session = "";
  private String person = "";

  private Story(Line.Client client, Findings findings) {
    this.client = client;
    this.findings = findings;
  }

  static Story of(Recording recording, Findings findings) {
    Story story = new Story(recording.client(), findings);
    recording.lines().forEach(story::next);
    story.expireBy(Long.MAX_VALUE);
    return story;
  }

  String name() {
    return client.name();
  }

  /// The id of the person as the server knows it; empty for an anonymous session.
  String person() {
    return person;
  }

  List<Turn> turns() {
    return turns;
  }

  /// When the run was over and quiet; 0 = it was not there to see it.
  long quietAt() {
    return open ? quietAt : 0;
  }

  private void next(Line line) {
    switch (line) {
      case Line.Frame(long at, JsonNode frame) ->
          Messages.of(frame).forEach(message -> heard(at, message));
      case Line.Closed _, Line.Drops _ -> open = false;
      case Line.Joins(long at, String instance) -> {
        joined.add(instance);
        turn(at, instance);
      }
      case Line.Leaves(long at, String instance) -> {
        joined.remove(instance);
        turn(at, instance);
      }
      case Line.Looks(long at, String to, boolean inForeground) -> {
        slug = to;
        visible = inForeground;
        joined.forEach(instance -> turn(at, instance));
      }
      case Line.Away(long at) -> {
        expireBy(at);
        end((open ? at : heardAt) + client.graceMs());
      }
      case Line.Bye(long at) -> end(at);
      case Line.End(long at) -> quietAt = at;
      default -> {}
    }
  }

  private void heard(long at, JsonNode message) {
    if (Messages.isType(message, "welcome")) {
      welcomed(at, message);
    } else if (Messages.isType(message, "presence")) {
      shown.add(message.path("instance").asText());
    }
    heardAt = at;
  }

  private void welcomed(long at, JsonNode welcome) {
    expireBy(at);
    if (alive) {
      keepsSession(at, welcome);
    } else {
      shown.clear();
    }
    session = welcome.path("session").asText();
    person = welcome.path("user").path("id").asText("");
    alive = true;
    open = true;
    joined.forEach(instance -> turn(at, instance));
  }

  private void keepsSession(long at, JsonNode welcome) {
    Set<String> still = Cut.ids(welcome.path("instances"));
    findings.check(
        Rule.SESSION,
        welcome.path("resumed").booleanValue()
            && welcome.path("session").asText().equals(session)
            && joined.stream().filter(shown::contains).allMatch(still::contains),
        "%s at %d, %d ms after it was told something: %s; it was %s in %s",
        name(),
        at,
        at - heardAt,
        welcome,
        session,
        joined);
  }

  /// Whoever was away for the whole grace may have ended.
  private void expireBy(long now) {
    if (alive && !open && now - heardAt >= client.graceMs()) {
      end(heardAt + client.graceMs());
    }
  }

  private void end(long at) {
    alive = false;
    open = false;
    joined.forEach(instance -> turn(at, instance));
  }

  private void turn(long at, String instance) {
    boolean member = alive && joined.contains(instance);
    turns.add(new Turn(at, instance, member, member && visible && shows(slug, instance)));
  }

  /// Which locations show which instance, without configuration.
  static boolean shows(@Nullable String slug, String instance) {
    if (slug == null) {
      return false;
    }
    String piece = slug.split("[~:/]", 2)[0].toLowerCase(Locale.ROOT);
    String chat = "chat-";
    return instance.startsWith(chat)
        ? piece.equals("chat") || piece.equals(instance.substring(chat.length()))
        : piece.equals(instance);
  }
}
