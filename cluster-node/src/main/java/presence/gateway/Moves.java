package presence.gateway;

import java.util.List;
import presence.protocol.Step;

/// Where some avatars of one world are now, encoded once for everybody who is told it.
///
/// @param message the same as one `world:moved`
public record Moves(List<Step> steps, Encoded message) {}
