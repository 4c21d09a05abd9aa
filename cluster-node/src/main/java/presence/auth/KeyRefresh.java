package presence.auth;

import java.time.Duration;

/// How often an issuer is asked for its keys.
///
/// @param age how old the keys may get before they are fetched anew, while they stay in use: the
///   time a withdrawn key lives on
/// @param pause the least time after a fetch before a token with an unknown key causes another, so
///   that made-up key ids cost the issuer nothing
/// @param retry the least time after a failed fetch before the next
public record KeyRefresh(Duration age, Duration pause, Duration retry) {
  public static final KeyRefresh DEFAULT =
      new KeyRefresh(Duration.ofMinutes(10), Duration.ofSeconds(10), Duration.ofSeconds(1));

  public KeyRefresh {
    if (!age.isPositive() || !pause.isPositive() || !retry.isPositive()) {
      throw new IllegalArgumentException("the times between fetches of keys are positive");
    }
  }
}
