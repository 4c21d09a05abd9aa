package presence.user;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import presence.protocol.Member;

/// Mail as the tests of persons and sessions speak of it.
public final class MailWords {
  /// Small bounds, so that a test reaches them.
  public static final MailLimits LIMITS =
      new MailLimits(
          5,
          2_000,
          Duration.ofDays(7),
          Duration.ofHours(24),
          8,
          4,
          new Pauses(Duration.ofMillis(500), Duration.ofSeconds(16)),
          800,
          new Pauses(Duration.ofMillis(500), Duration.ofSeconds(4)));

  public static final Address BOB = new Address.Person("@bob");
  public static final Address ZOE = new Address.Session("zoe");

  private MailWords() {}

  /// What a sender writes to somebody.
  public static Posting posting(Address sender, Address to, String text, String clientMessageId) {
    String handle = sender instanceof Address.Person ? sender.id() : null;
    return new Posting(sender, new Member(sender.id(), handle, null), to, text, clientMessageId);
  }

  static Item.Outcome delivered(String letter) {
    return new Item.Outcome(letter, Item.Result.DELIVERED);
  }

  static Item.Outcome expired(String letter) {
    return new Item.Outcome(letter, Item.Result.EXPIRED);
  }

  /// The texts of letters, in order.
  public static List<String> texts(List<Delivery> deliveries) {
    return deliveries.stream()
        .map(each -> each.item() instanceof Item.Letter letter ? letter.text() : "outcome")
        .toList();
  }

  static List<String> ids(String... ids) {
    return Arrays.asList(ids);
  }
}
