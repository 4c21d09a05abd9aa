package presence.protocol;

/// What a client sent cannot be taken: says why, in a code for the program and a sentence for a
/// person. It is an answer, not a bug: it carries no stack trace, so that refusing costs little.
public final class InvalidMessage extends IllegalArgumentException {
  private final ErrorCode code;

  public InvalidMessage(ErrorCode code, String message) {
    super(message);
    this.code = code;
  }

  @Override
  public Throwable fillInStackTrace() {
    return this;
  }

  public ErrorCode code() {
    return code;
  }
}
