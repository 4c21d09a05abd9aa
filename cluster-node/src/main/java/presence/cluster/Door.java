package presence.cluster;

/// The way to the entities of one kind, wherever in the cluster each lives. Delivery is at most
/// once; who needs more repeats until answered.
///
/// @param <C> what such an entity is told
@FunctionalInterface
public interface Door<C> {
  void tell(String id, C command);
}
