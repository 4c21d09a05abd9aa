package presence.session;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.ActorRef;
import presence.auth.Grant;
import presence.auth.Principal;
import presence.auth.Right;
import presence.cluster.Remote;
import presence.instance.ChatInstance;
import presence.protocol.ErrorCode;
import presence.protocol.Handle;
import presence.protocol.Member;
import presence.protocol.Position;
import presence.protocol.ServerMessage.Parting;
import presence.protocol.Setting;
import presence.protocol.Spot;
import presence.user.Address;
import presence.user.Delivery;
import presence.user.Item;
import presence.user.MailEvent;
import presence.user.Mailbox;
import presence.user.Posting;
import presence.user.Silence;

/// A sample of everything the session sends or writes down.
public final class SessionSamples {
  private static final Grant GRANT = new Grant(Map.of("chat-*", Right.SAY), 60_000L);
  private static final Principal ANN = new Principal.User(Handle.of("@ann"));
  private static final Principal KEY = new Principal.Key("ab01".repeat(16), "cd02".repeat(16));
  private static final Principal NOBODY = new Principal.Anonymous();
  private static final Profile PROFILE = new Profile("Ann", "phone", "chat~hello", false);
  private static final Lease LEASE = new Lease(3, new Lease.Leased(1_000, 91_000));

  private static final Item.Outcome OUTCOME = new Item.Outcome("l1", Item.Result.DELIVERED);
  private static final Delivery DELIVERY = new Delivery(OUTCOME, false);
  private static final Posting POSTING =
      new Posting(
          new Address.Person("@bob"),
          new Member("@bob", "@bob", null),
          new Address.Session("s1"),
          "good morning",
          "m1");

  private SessionSamples() {}

  /// All of them; the samples only carry `ref`.
  public static Stream<Remote> all(ActorRef<?> ref) {
    ActorRef<Notice> connection = ref.unsafeUpcast().narrow();
    return Stream.of(
            Stream.of(ANN, KEY, NOBODY),
            actions(ref.unsafeUpcast().narrow()),
            commands(connection, ref.unsafeUpcast().narrow()),
            notices(ref.unsafeUpcast().narrow()),
            events(),
            states())
        .flatMap(each -> each);
  }

  private static Stream<Remote> actions(ActorRef<ChatInstance.Answer> answers) {
    return Stream.of(
        new Action.Move(null, true),
        new Action.Move(Setting.NONE, null),
        new Action.Move(Setting.to("chat"), false),
        new Action.Join("room"),
        new Action.Leave("room"),
        new Action.Enter("garden", "{\"hat\":1}", new Spot(1, 2, null)),
        new Action.Exit("garden"),
        new Action.Emit("garden", "wave", "[1]"),
        new Action.Emit("garden", "wave", null),
        new Action.Say("room", "good morning", "m1", answers),
        new Action.Send(new Address.Person("@bob"), "good morning", "m1"),
        new Action.Acknowledge(List.of("l1")),
        new Action.Identify(ANN, GRANT),
        new Action.Watch(List.of("@bob")),
        new Action.Unwatch(List.of("@bob")),
        new Action.Bye());
  }

  private static Stream<Remote> commands(ActorRef<Notice> connection, ActorRef<Boolean> quitter) {
    return Stream.of(
        new Opening.Fresh(NOBODY),
        new Opening.Fresh(ANN, GRANT),
        GRANT,
        Grant.ALL,
        new Opening.ByKey(KEY),
        new Opening.ByToken("hash", null),
        new Opening.ByToken("hash", ANN, GRANT),
        new Profile.Update(null, null, null, null),
        new Profile.Update(Setting.to("Ann"), "phone", Setting.NONE, true),
        new SessionCommand.Attach(
            new Opening.ByKey(KEY),
            new Profile.Update(Setting.NONE, null, null, false),
            "hash",
            connection),
        new SessionCommand.Detach(2),
        new SessionCommand.Reclaim(2, new Action.Move(Setting.to("chat"), null), connection),
        new SessionCommand.Confirm(2),
        new SessionCommand.Order(2, 7, true, new Action.Move(null, false), connection),
        new SessionCommand.Quit("hash", quitter),
        new SessionCommand.Evict(EndReason.KICKED),
        new SessionCommand.Evict(EndReason.BANNED, 7, quitter),
        new SessionCommand.Post(POSTING, 3, quitter.unsafeUpcast().narrow()),
        new SessionCommand.Push(List.of(DELIVERY), 4),
        new SessionCommand.Inform(List.of(OUTCOME), quitter.unsafeUpcast().narrow()),
        new Notice.Unjoined("chat-lobby"),
        new SessionCommand.Hush(
            new Silence(3, Map.of("room", 9_000L)), quitter.unsafeUpcast().narrow()),
        new SessionCommand.RollCall("room", 4),
        new SessionCommand.WorldRoll("garden", 4),
        new SessionCommand.Dismissal("garden", 4, "@ann", Parting.TAKEN_OVER),
        SessionCommand.Stop.STOP);
  }

  private static Stream<Remote> notices(ActorRef<SessionCommand> incarnation) {
    return Stream.of(
        new Notice.Attached(
            "s1",
            2,
            true,
            ANN,
            PROFILE,
            Map.of("room", new Position(5, 6)),
            Map.of("garden", new Position(7, 8)),
            List.of("@bob"),
            GRANT,
            incarnation),
        new Notice.Parted("garden", "@ann", Parting.GONE),
        new Notice.Parted("garden", null, Parting.FULL),
        new Notice.AttachRefused(ErrorCode.RESUME_EXPIRED, "no such token"),
        new Notice.Held(incarnation, List.of("garden")),
        new Notice.Held(incarnation, null),
        new Notice.Replaced(3),
        new Notice.Over(EndReason.BYE),
        new Notice.Done(7, null),
        new Notice.Done(7, new Position(5, 6)),
        new Notice.Accepted(7, "m1", "l1"),
        new Notice.Mail(List.of(DELIVERY)),
        new Notice.Refused(7, ErrorCode.RATE_LIMITED, "too often", 250L));
  }

  private static Stream<Remote> events() {
    return Stream.of(
        new SessionEvent.Opened(KEY, PROFILE, "hash", 1, 10),
        new SessionEvent.Opened(ANN, PROFILE, "hash", 1, GRANT, 10),
        new SessionEvent.Attached("hash", null, Profile.BLANK, Set.of(), 10),
        new SessionEvent.Attached("hash", "before", PROFILE, Set.of("room"), GRANT, 10),
        new SessionEvent.Confirmed(10),
        new SessionEvent.Detached(LEASE, 10),
        new SessionEvent.Reclaimed(10),
        new SessionEvent.Moved(null, true, Set.of("room"), 10),
        new SessionEvent.Joined("room", true, 10),
        new SessionEvent.Left("room", 10),
        new SessionEvent.Released("room", 10),
        new SessionEvent.Entered("garden", "{}", new Spot(1, 2, 3.5), 10),
        new SessionEvent.Exited("garden", 10),
        new SessionEvent.Withdrawn("garden", 10),
        new SessionEvent.Identified(ANN, GRANT, 10),
        new SessionEvent.Watched(List.of("@bob"), 10),
        new SessionEvent.Mailed("s1", new MailEvent.Informed(List.of(OUTCOME), 0, 10)),
        new SessionEvent.Ending(EndReason.GRACE_OVER, 10),
        new SessionEvent.Ended(10));
  }

  private static Stream<Remote> states() {
    return Stream.of(
        new SessionState.Absent(4),
        new SessionState.Open(
            9,
            1,
            ANN,
            LEASE,
            new SessionState.Tokens("newest", "before", List.of("lost")),
            PROFILE,
            Map.of("room", new SessionState.Membership(8, true, false)),
            7,
            List.of("@bob"),
            Mailbox.EMPTY,
            Map.of(
                "garden",
                new SessionState.Visiting(9, 8, "{}", new Spot(1, 2, null)),
                "attic",
                new SessionState.Visiting(7, 0, null, null)),
            GRANT),
        new SessionState.Visiting(9, 8, "{}", new Spot(1, 2, null)),
        new SessionState.Tokens("newest", null, List.of()),
        new SessionState.Membership(8, false, false),
        PROFILE,
        LEASE,
        new Lease(1, new Lease.Online()),
        new Lease(1, new Lease.Over(EndReason.KICKED)),
        new Lease.Online(),
        new Lease.Leased(1, 2),
        new Lease.Over(EndReason.BANNED));
  }
}
