package presence.user;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import presence.cluster.Remote;
import presence.protocol.Member;

/// A direct message on its way to a mailbox.
///
/// @param sender whose message it is: a person, or an anonymous session
/// @param from the sender as the recipient sees them
/// @param clientMessageId tells a repeat from another message of the sender
public record Posting(Address sender, Member from, Address to, String text, String clientMessageId)
    implements Remote {

  /// Sixteen bytes of a hash: nobody meets another by chance.
  private static final int HASH_BYTES = 16;

  /// Whether the other is the same message once more, whoever its sender is called by now.
  public boolean isOneWith(Posting other) {
    return sender.equals(other.sender)
        && to.equals(other.to)
        && clientMessageId.equals(other.clientMessageId)
        && text.equals(other.text);
  }

  /// The same with another text.
  public Posting withText(String other) {
    return new Posting(sender, from, to, other, clientMessageId);
  }

  /// What two sendings of one message have in common.
  String key() {
    return hash(name(sender), clientMessageId);
  }

  /// What two messages under one key differ in.
  String body() {
    return hash(name(to), text);
  }

  /// The id it gets when it is accepted at this moment: the same whoever computes it, whenever.
  String idAt(long at) {
    return hash(name(to), name(sender), clientMessageId, Long.toString(at));
  }

  private static String name(Address address) {
    return switch (address) {
      case Address.Person person -> "person " + person.id();
      case Address.Session session -> "session " + session.id();
    };
  }

  private static String hash(String... parts) {
    MessageDigest digest = sha256();
    for (String part : parts) {
      byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
      digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip());
      digest.update(bytes);
    }
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(Arrays.copyOf(digest.digest(), HASH_BYTES));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
