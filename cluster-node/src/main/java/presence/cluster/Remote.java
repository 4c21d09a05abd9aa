package presence.cluster;

/// Marks everything that crosses nodes or goes to the journal: commands, replies, events and
/// states. `reference.conf` binds it to `jackson-cbor`, so a record that implements it needs no
/// further configuration.
///
/// Additive changes only: a field that older nodes or older events do not have must be allowed to
/// be absent.
public interface Remote {}
