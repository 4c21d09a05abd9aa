package presence.load.check;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import presence.load.record.Line;
import presence.load.record.Recording;

/// Every rule put to the test over the recordings of one run.
public final class Proof {
  private final Findings findings = new Findings();
  private final List<Recording> recordings;
  private final List<Story> stories;
  private final Map<String, Stream> streams = new TreeMap<>();
  private final Map<String, Map<String, Follower>> followers = new HashMap<>();
  private final Mail mail = new Mail(findings);
  private final Map<String, Integer> errors = new TreeMap<>();
  private final Chat chat = new Chat(streams, findings);
  private long frames;
  private long chatAccepted;

  private Proof(List<Recording> recordings) {
    this.recordings = recordings;
    this.stories = recordings.stream().map(each -> Story.of(each, findings)).toList();
  }

  public static Proof of(List<Recording> recordings) {
    Proof proof = new Proof(recordings);
    recordings.forEach(proof::follow);
    proof.streams.values().forEach(Stream::checkLeaps);
    proof.streams.values().forEach(proof::compare);
    proof.talk();
    return proof;
  }

  public Findings findings() {
    return findings;
  }

  /// What was looked at, in words.
  public String scope() {
    return ("%,d clients, %,d frames, %,d instances with %,d seqs, %,d chat messages accepted (%,d"
            + " without an answer), %,d direct messages accepted (%,d redelivered), errors %s")
        .formatted(
            recordings.size(),
            frames,
            streams.size(),
            streams.values().stream().mapToLong(Stream::last).sum(),
            chatAccepted,
            chat.unanswered(chatAccepted),
            mail.accepted(),
            mail.redelivered(),
            errors);
  }

  private void follow(Recording recording) {
    for (Line line : recording.lines()) {
      Map<String, Follower> mine = followers(recording);
      switch (line) {
        case Line.Frame(long at, JsonNode frame) -> {
          frames++;
          findings.check(
              Rule.READABLE,
              Messages.areReadable(frame),
              "%s: %s",
              recording.client().name(),
              frame);
          Messages.of(frame).forEach(message -> heard(recording, at, message));
        }
        case Line.Closed _, Line.Drops _ -> mine.values().forEach(Follower::lostSocket);
        case Line.Leaves(_, String instance) -> follower(recording, instance).leaves();
        default -> {}
      }
    }
  }

  private Map<String, Follower> followers(Recording recording) {
    return followers.computeIfAbsent(recording.client().name(), _ -> new HashMap<>());
  }

  private Follower follower(Recording recording, String instance) {
    return followers(recording)
        .computeIfAbsent(
            instance,
            _ ->
                new Follower(
                    recording.client().name(),
                    streams.computeIfAbsent(instance, name -> new Stream(name, findings)),
                    findings));
  }

  private void heard(Recording recording, long at, JsonNode message) {
    switch (message.path("type").asText()) {
      case "presence" -> on(recording, message).presence(at, message);
      case "roster" -> on(recording, message).page(at, message);
      case "presence:delta", "presence:counts", "chat:message" ->
          on(recording, message).change(at, message);
      case "chat:history" ->
          streams
              .computeIfAbsent(
                  message.path("instance").asText(), name -> new Stream(name, findings))
              .history(recording.client().name(), message.path("messages"));
      case "error" -> errors.merge(message.path("code").asText(), 1, Integer::sum);
      default -> {}
    }
  }

  private Follower on(Recording recording, JsonNode message) {
    return follower(recording, message.path("instance").asText());
  }

  private void compare(Stream stream) {
    Wishes wishes = Wishes.of(stream.name(), stories);
    new Visible(stream, wishes, findings).check();
    for (Story story : stories) {
      Follower follower = followers.getOrDefault(story.name(), Map.of()).get(stream.name());
      if (follower != null && story.quietAt() > 0 && isMember(story, stream)) {
        seesAll(story, follower, stream, wishes);
      }
    }
  }

  private static boolean isMember(Story story, Stream stream) {
    return story.turns().stream()
        .filter(turn -> turn.instance().equals(stream.name()))
        .reduce((_, later) -> later)
        .map(Story.Turn::member)
        .orElse(false);
  }

  private void seesAll(Story story, Follower follower, Stream stream, Wishes wishes) {
    Cut cut = follower.cut();
    long at = story.quietAt();
    Set<String> online = wishes.online(at);
    Set<String> here = wishes.here(at);
    findings.check(
        Rule.QUIET,
        cut != null
            && cut.seq() == stream.last()
            && cut.count("people") == online.size()
            && cut.count("here") == here.size()
            && cut.count("sessions") == wishes.sessions(at)
            && cut.count("anonymous") == wishes.anonymous(at)
            && (follower.countsOnly()
                || (cut.online().keySet().equals(online) && cut.here().equals(here))),
        "%s in %s, whose last seq is %d, sees %s; there are %s, here %s, %d sessions, %d anonymous",
        story.name(),
        stream.name(),
        stream.last(),
        cut == null ? "nothing" : cut,
        online,
        here,
        wishes.sessions(at),
        wishes.anonymous(at));
  }

  private void talk() {
    for (Recording recording : recordings) {
      chatAccepted += chat.check(recording);
    }
    for (int i = 0; i < recordings.size(); i++) {
      mail.sent(recordings.get(i), stories.get(i));
    }
    for (int i = 0; i < recordings.size(); i++) {
      mail.received(recordings.get(i), stories.get(i));
    }
    mail.check();
  }
}
