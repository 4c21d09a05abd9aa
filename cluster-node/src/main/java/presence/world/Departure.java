package presence.world;

import presence.cluster.Remote;
import presence.protocol.ServerMessage.Parting;

/// The avatar of this id is in the world no more.
public record Departure(String id, Parting why) implements Remote {}
