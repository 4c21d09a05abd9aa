package presence.protocol;

import org.jspecify.annotations.Nullable;

/// One message of an instance's chat, as it stands in its history.
///
/// @param at milliseconds since 1970 at which the instance accepted it
public record ChatMessage(
    long seq, String id, Member from, String text, long at, @Nullable String clientMessageId) {}
