package presence.protocol;

/// What a client sent cannot be taken: says why, in a code for the program and a sentence for a
/// person.
public final class InvalidMessage extends IllegalArgumentException {
  private final ErrorCode code;

  public InvalidMessage(ErrorCode code, String message) {
    super(message);
    this.code = code;
  }

  public ErrorCode code() {
    return code;
  }
}
