package presence.user;

import presence.cluster.Remote;

/// An item as it is pushed to one session, at least once; who gets it twice knows it by its id.
///
/// @param redelivered whether it was pushed to this session before
public record Delivery(Item item, boolean redelivered) implements Remote {}
