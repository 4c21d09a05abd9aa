package presence.world;

import com.fasterxml.jackson.annotation.JsonFormat;
import presence.cluster.Remote;

/// The avatar of this id is at a place.
@JsonFormat(shape = JsonFormat.Shape.ARRAY)
public record Movement(String id, Place place) implements Remote {}
