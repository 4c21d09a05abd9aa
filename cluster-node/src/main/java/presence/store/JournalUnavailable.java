package presence.store;

/// The journal cannot be opened; the message says why in one line and what to do about it.
public final class JournalUnavailable extends RuntimeException {

  public JournalUnavailable(String message, Throwable cause) {
    super(message, cause);
  }
}
