package presence.user;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.ActorRef;
import presence.cluster.Remote;
import presence.protocol.Member;

/// A sample of everything the person's entity sends or writes down.
public final class UserSamples {
  private static final Doing DOING = new Doing("Ann", "chat~hello", Set.of("room"));

  private static final Item LETTER =
      new Item.Letter("l1", new Member("@bob", "@bob", null), "good morning", 2_000);

  private UserSamples() {}

  /// All of them; the samples only carry `ref`.
  public static Stream<Remote> all(ActorRef<?> ref) {
    return Stream.of(
        new User.Report("s1", 4, DOING, ref.unsafeUpcast().narrow()),
        new User.Report("s1", 5, null, ref.unsafeUpcast().narrow()),
        new User.Admit(null, ref.unsafeUpcast().narrow()),
        new User.Admit("s1", ref.unsafeUpcast().narrow()),
        new User.Follow(ref.unsafeUpcast().narrow()),
        new User.Unfollow(ref.unsafeUpcast().narrow()),
        new User.Describe(ref.unsafeUpcast().narrow()),
        new User.Ban(9_000, ref.unsafeUpcast().narrow()),
        User.Stop.STOP,
        new User.Receipt("@ann", 4),
        User.Admission.TOO_MANY,
        new User.Seen("@ann", "Ann", true, true, List.of("room"), "chat~hello", null),
        new User.Seen("@bob", null, true, false, List.of(), null, 9_000L),
        DOING,
        new Address.Person("@ann"),
        new Address.Session("s1"),
        LETTER,
        new Item.Outcome("l1", Item.Result.EXPIRED),
        new Delivery(LETTER, true),
        new Doing(null, null, Set.of()),
        new UserEvent.Told("s1", 4, DOING, 2_000),
        new UserEvent.Told("s1", 5, null, 2_000),
        new UserEvent.Banned(9_000, 2_000),
        new UserState.Word(4, DOING, 2_000),
        new UserState.Snapshot(
            Map.of(
                "s1", new UserState.Word(4, DOING, 2_000),
                "s2", new UserState.Word(5, null, 2_000)),
            true,
            1_000,
            0));
  }
}
