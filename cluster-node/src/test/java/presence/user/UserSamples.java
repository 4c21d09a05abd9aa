package presence.user;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.ActorRef;
import presence.cluster.Remote;
import presence.protocol.ErrorCode;
import presence.protocol.Member;

/// A sample of everything the person's entity sends or writes down.
public final class UserSamples {
  private static final Doing DOING = new Doing("Ann", "chat~hello", Set.of("room"));

  private static final Item LETTER =
      new Item.Letter("l1", new Member("@bob", "@bob", null), "good morning", 2_000);

  private static final Item.Outcome OUTCOME = new Item.Outcome("l1", Item.Result.EXPIRED);
  private static final Posting POSTING =
      new Posting(
          new Address.Session("s9"),
          new Member("s9", null, "Zoe"),
          new Address.Person("@ann"),
          "good morning",
          "m1");
  private static final MailEvent.Accepted ACCEPTED =
      new MailEvent.Accepted(POSTING, "l2", 0, 0, 2_000);

  private static final Sentence BAN = new Sentence(9_000, "spam", 2_000);
  private static final Sanctions SANCTIONS =
      new Sanctions(3, BAN, Map.of("room", new Sentence(Sentence.FOR_GOOD, null, 2_000)));
  private static final Silence SILENCE = new Silence(3, Map.of("room", Sentence.FOR_GOOD));

  private UserSamples() {}

  /// All of them; the samples only carry `ref`.
  public static Stream<Remote> all(ActorRef<?> ref) {
    return Stream.of(person(ref), sanctions(ref), mail(ref)).flatMap(each -> each);
  }

  private static Stream<Remote> person(ActorRef<?> ref) {
    return Stream.of(
        new User.Report("s1", 4, DOING, ref.unsafeUpcast().narrow()),
        new User.Report("s1", 5, null, ref.unsafeUpcast().narrow()),
        new User.Admit(null, ref.unsafeUpcast().narrow()),
        new User.Admit("s1", ref.unsafeUpcast().narrow()),
        new User.Follow(ref.unsafeUpcast().narrow()),
        new User.Unfollow(ref.unsafeUpcast().narrow()),
        new User.Describe(ref.unsafeUpcast().narrow()),
        new User.Ban(9_000, null, ref.unsafeUpcast().narrow()),
        new User.Ban(9_000, "spam", ref.unsafeUpcast().narrow()),
        User.Stop.STOP,
        new User.Receipt("@ann", 4),
        new User.Receipt("@ann", 4, SILENCE),
        User.Admission.TOO_MANY,
        new User.Seen("@ann", "Ann", true, true, List.of("room"), "chat~hello", null),
        new User.Seen("@bob", null, true, false, List.of(), null, 9_000L),
        DOING,
        new Doing(null, null, Set.of()),
        new UserEvent.Told("s1", 4, DOING, 2_000),
        new UserEvent.Told("s1", 5, null, 2_000),
        new UserEvent.Banned(9_000, 2_000, null),
        new UserEvent.Banned(9_000, 2_000, "spam"),
        new UserEvent.Pardoned(2_000),
        new UserEvent.Muted("room", 9_000, 2_000, "spam"),
        new UserEvent.Unmuted("room", 2_000),
        new UserEvent.Mailed(new MailEvent.Reported(List.of("l1"), 2_000)),
        new UserState.Word(4, DOING, 2_000),
        new UserState.Snapshot(
            Map.of(
                "s1", new UserState.Word(4, DOING, 2_000),
                "s2", new UserState.Word(5, null, 2_000)),
            true,
            1_000,
            0,
            Map.of("s1", new UserState.Eviction(4, true)),
            full(),
            null),
        new UserState.Snapshot(Map.of(), true, 1_000, 9_000, null, null, SANCTIONS));
  }

  private static Stream<Remote> sanctions(ActorRef<?> ref) {
    return Stream.of(
        BAN,
        SANCTIONS,
        SILENCE,
        new Silence.Heard("s1", 3),
        new SanctionCommand.Pardon(ref.unsafeUpcast().narrow()),
        new SanctionCommand.Mute("room", 9_000, "spam", ref.unsafeUpcast().narrow()),
        new SanctionCommand.Unmute(Sanctions.EVERYWHERE, ref.unsafeUpcast().narrow()),
        new SanctionCommand.Inquire(ref.unsafeUpcast().narrow()),
        new SanctionCommand.Decided("@ann", false),
        new Register.Enter("@ann", SANCTIONS, ref.unsafeUpcast().narrow()),
        new Register.Read("@ann", 100, ref.unsafeUpcast().narrow()),
        Register.Stop.STOP,
        new Register.Entered("@ann", 3),
        new Register.Line("@ann", SANCTIONS),
        new Register.Page(List.of(new Register.Line("@ann", SANCTIONS)), true),
        new RegisterEvent.Entered("@ann", SANCTIONS, 2_000),
        new RegisterState.Word(SANCTIONS, 2_000),
        new RegisterState.Snapshot(Map.of("@ann", new RegisterState.Word(SANCTIONS, 2_000))));
  }

  private static Stream<Remote> mail(ActorRef<?> ref) {
    return Stream.of(
        new Address.Person("@ann"),
        new Address.Session("s1"),
        LETTER,
        OUTCOME,
        new Delivery(LETTER, true),
        POSTING,
        new Verdict.Taken(3, "l1"),
        new Verdict.Refused(3, ErrorCode.MAILBOX_FULL),
        new MailCommand.Accept(POSTING, 3, ref.unsafeUpcast().narrow()),
        new MailCommand.Acknowledge("s1", List.of("l1"), 3, ref.unsafeUpcast().narrow()),
        new MailCommand.Collect("s1", 3),
        new MailCommand.Away("s1", List.of(new Delivery(OUTCOME, false))),
        new MailCommand.Inform(List.of(OUTCOME), ref.unsafeUpcast().narrow()),
        new MailCommand.Acknowledged(3),
        new MailCommand.Informed(List.of("l1")),
        ACCEPTED,
        new MailEvent.Acknowledged("s1", List.of("l1"), 2_000),
        new MailEvent.Expired(1_000, 2_000),
        new MailEvent.Informed(List.of(OUTCOME), 1, 2_000),
        new MailEvent.Reported(List.of("l1"), 2_000),
        new Memory.Remembered("key", "body", "l1", 2_000),
        new Items.Entry(LETTER, new Address.Session("s9"), List.of("s1"), true, 2_000),
        new Items.Entry(OUTCOME, null, List.of(), false, 2_000),
        new Mailbox.Owed(new Address.Session("s9"), OUTCOME),
        new WrittenMailbox(null, null, null),
        new WrittenMailbox.Writing().convert(full()),
        full(),
        Mailbox.EMPTY,
        new UserState.Eviction(4, true));
  }

  /// A mailbox with something of everything.
  private static Mailbox full() {
    List<String> live = List.of("s1", "s2");
    return Mailbox.EMPTY
        .apply(new MailEvent.Informed(List.of(OUTCOME), 0, 2_000), live)
        .apply(ACCEPTED, live)
        .apply(new MailEvent.Acknowledged("s1", List.of("l2"), 2_000), live);
  }
}
