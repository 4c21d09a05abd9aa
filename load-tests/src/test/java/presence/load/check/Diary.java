package presence.load.check;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import presence.load.record.Line;
import presence.load.record.Recording;

/// Writes a recording by hand, second by second.
final class Diary {
  static final long GRACE_MS = 10_000;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final String name;
  private final List<Line> lines = new ArrayList<>();

  private Diary(String name, boolean anonymous) {
    this.name = name;
    lines.add(new Line.Client(0, name, anonymous ? null : '@' + person(), GRACE_MS));
  }

  /// Of a client of the person its name begins with: `ann1` and `ann2` are two of `ann`.
  static Diary of(String name) {
    return new Diary(name, false);
  }

  static Diary ofAnonymous(String name) {
    return new Diary(name, true);
  }

  private String person() {
    return name.replaceAll("[0-9]", "");
  }

  Diary line(Line line) {
    lines.add(line);
    return this;
  }

  /// A frame in which `'` stands for `"`.
  Diary frame(int second, String text) {
    try {
      JsonNode frame = JSON.readTree(text.replace('\'', '"'));
      return line(new Line.Frame(second * 1000L, frame));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(text, e);
    }
  }

  /// Comes, looks at `room` and is told that the same session goes on, or not.
  Diary welcome(int second, boolean resumed) {
    String user =
        lines.getFirst() instanceof Line.Client client && client.person() != null
            ? "'user':{'id':'%s'},".formatted(person())
            : "";
    return frame(
        second,
        "{'type':'welcome',%s'session':'%s','resumed':%s,'instances':[%s]}"
            .formatted(user, name, resumed, resumed ? "'room'" : ""));
  }

  /// Comes as a member who looks at the room.
  Diary joins(int second) {
    line(new Line.Looks(second * 1000L, "room", true));
    welcome(second, false);
    return line(new Line.Joins(second * 1000L, "room"));
  }

  /// A snapshot of people who are all here.
  Diary presence(int second, int seq, String... persons) {
    return frame(
        second,
        "{'type':'presence','instance':'room','epoch':1,'seq':%d,'roster':'full','online':[%s],'here':[%s],'counts':%s,'complete':true}"
            .formatted(seq, members(persons), ids(persons), counts(persons.length)));
  }

  /// One more person, who is here too.
  Diary joined(int second, int from, String who, int people) {
    return delta(
        second,
        from,
        "'joined':[%s],'left':[],'here':['%s'],'away':[]".formatted(members(who), who),
        counts(people));
  }

  Diary left(int second, int from, String who, int people) {
    return delta(
        second,
        from,
        "'joined':[],'left':['%s'],'here':[],'away':[]".formatted(who),
        counts(people));
  }

  Diary delta(int second, int from, String sets, String counts) {
    return frame(
        second,
        "{'type':'presence:delta','instance':'room','epoch':1,'from':%d,'seq':%d,%s,'counts':%s}"
            .formatted(from, from + 1, sets, counts));
  }

  Diary said(int second, int seq, String id) {
    return frame(
        second,
        "{'type':'chat:message','instance':'room','epoch':1,'seq':%d,'id':'%s','from':{'id':'x'},'text':'t','at':1}"
            .formatted(seq, id));
  }

  Diary closed(int second) {
    return line(new Line.Closed(second * 1000L, 1006));
  }

  Diary end(int second) {
    return line(new Line.End(second * 1000L));
  }

  static String counts(int people) {
    return "{'people':%d,'here':%d,'sessions':%d,'anonymous':0}".formatted(people, people, people);
  }

  private static String members(String... persons) {
    return String.join(",", Arrays.stream(persons).map("{'id':'%s'}"::formatted).toList());
  }

  private static String ids(String... persons) {
    return String.join(",", Arrays.stream(persons).map("'%s'"::formatted).toList());
  }

  Recording recording() {
    return new Recording((Line.Client) lines.getFirst(), List.copyOf(lines));
  }
}
