package presence.protocol;

/// Where an avatar is now.
///
/// @param seq its client's number of the move; the greater is the newer
public record Step(String id, Spot pos, long seq) {}
