package presence.load.peers;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import presence.load.Wording;
import presence.protocol.ClientMessage;
import presence.protocol.Member;
import presence.protocol.ServerMessage;

/// The wire `presence.v1`, by a person with a token.
public final class PresenceTongue implements Tongue {
  private final String room;
  private final String token;
  private final Wording wording;
  private final Memo memo;
  private int said;

  public PresenceTongue(String room, String token, Wording wording, Memo memo) {
    this.room = room;
    this.token = token;
    this.wording = wording;
    this.memo = memo;
  }

  /// What all members of a server share.
  public static Memo memo(Wording wording) {
    return new Memo(payload ->
        wording.readOnce(payload).stream().flatMap(each -> meaning(each).stream()).toList());
  }

  @Override
  public void greet(Line line) {
    say(line, new ClientMessage.Hello(1, token, null, null, null, true, null, null, null));
  }

  @Override
  public void join(Line line) {
    say(line, new ClientMessage.Join(room, null, null, null));
  }

  @Override
  public void leave(Line line) {
    say(line, new ClientMessage.Leave(room, null));
  }

  @Override
  public void say(Line line, String text) {
    say(line, new ClientMessage.Say(room, text, "said-" + said++, null));
  }

  @Override
  public void part(Line line) {
    say(line, new ClientMessage.Bye(null));
  }

  private void say(Line line, ClientMessage message) {
    line.send(wording.write(message));
  }

  @Override
  public void read(ByteBuffer payload, Line line) {
    for (Heard heard : memo.read(payload)) {
      switch (heard) {
        case Heard.More more ->
            say(line, new ClientMessage.RosterPage(room, more.cursor(), null, null));
        case Heard.Asked _ -> say(line, new ClientMessage.Pong(null));
        default -> line.hear(heard);
      }
    }
  }

  private static List<Heard> meaning(ServerMessage message) {
    return switch (message) {
      case ServerMessage.Welcome _ -> List.of(new Heard.Greeted());
      case ServerMessage.Ping _ -> List.of(new Heard.Asked());
      case ServerMessage.Presence cut -> part(new Heard.Here(people(cut.online())), cut.cursor());
      case ServerMessage.Roster page -> part(new Heard.Also(people(page.members())), page.cursor());
      case ServerMessage.Delta delta -> changes(delta);
      case ServerMessage.Said said -> List.of(new Heard.Said(Texts.number(said.text())));
      case ServerMessage.Error error ->
          List.of(new Heard.Refused(error.code() + ": " + error.message()));
      default -> List.of();
    };
  }

  private static List<Heard> part(Heard people, @Nullable String cursor) {
    return cursor == null ? List.of(people) : List.of(people, new Heard.More(cursor));
  }

  private static BitSet people(List<Member> members) {
    BitSet people = new BitSet();
    members.forEach(member -> people.set(number(member.id())));
    return people;
  }

  private static List<Heard> changes(ServerMessage.Delta delta) {
    List<Heard> changes = new ArrayList<>();
    delta.joined().forEach(member -> changes.add(new Heard.Came(number(member.id()))));
    delta.left().forEach(id -> changes.add(new Heard.Left(number(id))));
    return changes;
  }

  private static int number(String id) {
    return Integer.parseInt(id.substring(id.lastIndexOf('-') + 1));
  }
}
