package presence.load.peers;

import java.util.BitSet;

/// What a server tells a member of a room, whatever the words. People are numbers.
sealed interface Heard {
  /// It knows the member, who may join now.
  record Greeted() implements Heard {}

  /// These are in the room, and nobody else, unless there is [More].
  record Here(BitSet people) implements Heard {}

  /// And these.
  record Also(BitSet people) implements Heard {}

  record Came(int person) implements Heard {}

  record Left(int person) implements Heard {}

  /// A message to the room, by its number.
  record Said(int message) implements Heard {}

  /// There is more of the list behind this cursor.
  record More(String cursor) implements Heard {}

  /// The server wants a sign of life.
  record Asked() implements Heard {}

  /// The member has nothing more to expect and may hang up.
  record Parted() implements Heard {}

  /// Something that must not happen.
  record Refused(String why) implements Heard {}
}
