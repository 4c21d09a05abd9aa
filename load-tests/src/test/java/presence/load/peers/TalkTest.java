package presence.load.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TalkTest {
  private final List<Member> members = IntStream.range(0, 2).mapToObj(TalkTest::member).toList();

  @Test
  void itIsOverWhenEveryMemberHasEveryMessage() {
    Talk talk = new Talk(members, 0, 2, 2);
    talk.begin();
    for (int message = 0; message < 2; message++) {
      for (Member member : members) {
        assertThat(talk.isOver()).isFalse();
        assertThat(talk.heard(member, message)).isTrue();
      }
    }
    assertThat(talk.isOver()).isTrue();
  }

  @Test
  void aMessageCountsOnceForAMember() {
    Talk talk = new Talk(members, 0, 1, 1);
    talk.begin();
    assertThat(talk.heard(members.getFirst(), 0)).isTrue();
    assertThat(talk.heard(members.getFirst(), 0)).isFalse();
    assertThat(talk.isOver()).isFalse();
  }

  @Test
  void whatNobodySaidCannotBeHeard() {
    Talk talk = new Talk(members, 0, 2, 1);
    talk.begin();
    assertThat(talk.heard(members.getFirst(), 1)).isFalse();
  }

  private static Member member(int person) {
    return new Member(person, new Silence(), new Nobody());
  }

  /// Says nothing and understands nothing.
  private static final class Silence implements Tongue {
    @Override
    public void greet(Line line) {}

    @Override
    public void join(Line line) {}

    @Override
    public void leave(Line line) {}

    @Override
    public void say(Line line, String text) {}

    @Override
    public void part(Line line) {}

    @Override
    public void read(ByteBuffer payload, Line line) {}
  }

  private static final class Nobody implements Member.Owner {
    @Override
    public void opened(Member member) {}

    @Override
    public void heard(Member member, Heard heard) {}

    @Override
    public void closed(Member member, int code) {}
  }
}
