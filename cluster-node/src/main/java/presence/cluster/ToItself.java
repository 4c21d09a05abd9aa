package presence.cluster;

/// Marks what an entity tells only itself: it never crosses nodes, though the rest of what the
/// entity is told does.
public interface ToItself {}
