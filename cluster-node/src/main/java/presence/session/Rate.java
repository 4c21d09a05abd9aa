package presence.session;

import java.time.Duration;

/// How often something may be done.
///
/// @param count times in `per`
/// @param burst at once, after a pause
public record Rate(int count, Duration per, int burst) {}
