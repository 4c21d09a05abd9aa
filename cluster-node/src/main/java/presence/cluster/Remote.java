package presence.cluster;

/// Marks what crosses nodes or goes to the journal: it is written as CBOR, and a test sends a
/// sample of every such record through the real serializer.
public interface Remote {}
