package presence.protocol;

import org.jspecify.annotations.Nullable;

/// Somebody in a world, as others see them.
///
/// @param id the person's where a person has one avatar in the world; else one that tells nothing
///   of whose it is
/// @param avatar how they look, as their client said
/// @param ghost whether their client is without a socket at the moment
public record Avatar(String id, @Nullable String handle, Json avatar, Spot pos, boolean ghost) {}
