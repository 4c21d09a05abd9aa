package presence.load.peers;

import java.util.List;

/// Messages said by the members in turn, so many at a time, each heard by all. They have numbers.
final class Talk {
  private final List<Member> members;
  private final int[] missing;
  private final int inFlight;
  private int said;
  private int done;

  /// @param end behind the last of them
  Talk(List<Member> members, int first, int end, int inFlight) {
    this.members = members;
    this.missing = new int[end];
    this.inFlight = inFlight;
    this.said = first;
    this.done = first;
  }

  void begin() {
    while (said < missing.length && said - done < inFlight) {
      sayNext();
    }
  }

  private void sayNext() {
    missing[said] = members.size();
    members.get(said % members.size()).say(said);
    said++;
  }

  /// A member heard a message.
  ///
  /// @return whether it had not heard it before
  boolean heard(Member member, int message) {
    if (message >= said || !member.notes(message)) {
      return false;
    }
    if (--missing[message] == 0) {
      done++;
      begin();
    }
    return true;
  }

  boolean isOver() {
    return done == missing.length;
  }
}
