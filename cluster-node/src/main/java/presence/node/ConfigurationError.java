package presence.node;

/// The node cannot start as it is configured. The message is one line that names the setting and
/// what to change.
public final class ConfigurationError extends RuntimeException {

  public ConfigurationError(String message) {
    this(message, null);
  }

  public ConfigurationError(String message, @org.jspecify.annotations.Nullable Throwable cause) {
    super(message.replaceAll("\\s*\\R\\s*", " ").strip(), cause);
  }
}
