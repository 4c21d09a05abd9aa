package presence.gateway;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import presence.protocol.Handle;
import presence.protocol.InvalidMessage;
import presence.protocol.Member;

/// The ids of persons as clients write and read them: a handle, or a public key.
public final class Persons {
  private static final Pattern KEY = Pattern.compile("[0-9a-f]{64}");

  private Persons() {}

  /// The id of the person that a client names.
  ///
  /// @throws InvalidMessage when it names nobody
  public static String id(String named) {
    return KEY.matcher(named).matches() ? named : Handle.of(named).value();
  }

  public static Member member(String id, @Nullable String name) {
    return new Member(id, id.startsWith("@") ? id : null, name);
  }
}
