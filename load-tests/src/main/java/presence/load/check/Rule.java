package presence.load.check;

/// What must hold; the numbers are those of the invariants it belongs to.
public enum Rule {
  ALTERNATION("3  join and leave of a person alternate for every observer"),
  SUBSET("4  here is a subset of online, at every seq"),
  COUNTS("4  counts equal the sets, at every seq"),
  GAP("5  no gap in a stream"),
  REPEAT("5  no repeat in a stream, no step back"),
  EPOCH("5  an instance keeps its epoch"),
  SAME("5  folds and snapshots are equal at the same seq for all"),
  VISIBLE("   nothing visible about who came back in time"),
  SESSION("   who comes back in time has the same session"),
  CHAT_LOST("   a chat message accepted reaches every member"),
  CHAT_ONCE("   a chat message is published once"),
  MAIL_LOST("7  a direct message accepted is received, or its outcome told"),
  MAIL_ORDER("7  direct messages of one sender arrive in order"),
  MAIL_ONCE("7  a direct message has one id"),
  MAIL_OUTCOME("7  an outcome is true and told once"),
  QUIET("10 once quiet, everyone sees exactly who is there"),
  READABLE("   every frame is a message or an array of messages");

  private final String promise;

  Rule(String promise) {
    this.promise = promise;
  }

  public String promise() {
    return promise;
  }
}
