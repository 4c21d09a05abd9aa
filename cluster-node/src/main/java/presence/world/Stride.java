package presence.world;

import com.fasterxml.jackson.annotation.JsonFormat;
import presence.cluster.Remote;

/// A session's avatar is at a place.
///
/// @param entered the step at which the session entered the world: a move of an earlier stay there
///   moves nothing
@JsonFormat(shape = JsonFormat.Shape.ARRAY)
public record Stride(String session, long entered, Place place) implements Remote {}
