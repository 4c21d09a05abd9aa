package presence.protocol;

import org.jspecify.annotations.Nullable;

/// A person as others see them: once, however many sessions they have.
///
/// @param id the proven identity: a handle, or a public key in lowercase hex; of an anonymous
///   sender of a direct message, the session's id
/// @param handle the handle, for who has one
/// @param name the display name the person chose
public record Member(String id, @Nullable String handle, @Nullable String name) {}
