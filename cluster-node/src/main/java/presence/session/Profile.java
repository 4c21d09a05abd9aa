package presence.session;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;
import presence.cluster.Remote;
import presence.protocol.Setting;

/// What a client says of itself.
///
/// @param location where the user is; nothing = nowhere
/// @param visible whether the client is in the foreground
public record Profile(
    @Nullable String displayName,
    @Nullable String device,
    @Nullable String location,
    boolean visible)
    implements Remote {

  /// The profile of a session nobody said anything of.
  public static final Profile BLANK = new Profile(null, null, null, true);

  /// What a hello sets; everything it leaves out stays as it is. Written without what is left out,
  /// since a null that is read means "set to nothing".
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Update(
      @Nullable Setting displayName,
      @Nullable String device,
      @Nullable Setting location,
      @Nullable Boolean visible)
      implements Remote {}

  public Profile with(Update update) {
    return new Profile(
        update.displayName() == null ? displayName : update.displayName().value(),
        update.device() == null ? device : update.device(),
        update.location() == null ? location : update.location().value(),
        update.visible() == null ? visible : update.visible());
  }
}
