package presence.protocol;

/// The sizes of an instance's sets at one sequence number.
///
/// @param people persons online
/// @param here persons here, never more than `people`
/// @param sessions leases in the instance, those in grace included
/// @param anonymous leases without an identity
public record Counts(int people, int here, int sessions, int anonymous) {
  public static final Counts NONE = new Counts(0, 0, 0, 0);
}
