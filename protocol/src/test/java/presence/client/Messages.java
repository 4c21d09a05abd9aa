package presence.client;

import java.util.List;
import org.jspecify.annotations.Nullable;
import presence.protocol.ClientMessage.RosterMode;
import presence.protocol.Counts;
import presence.protocol.ErrorCode;
import presence.protocol.Member;
import presence.protocol.ServerMessage;

/// Messages of a server about the instance `lobby`, whose stream has the epoch 7.
final class Messages {
  static final String LOBBY = "lobby";
  static final long EPOCH = 7;
  static final long PING_MS = 25_000;

  private Messages() {}

  static ServerMessage.Welcome welcome(boolean resumed, String... instances) {
    return welcome(null, resumed, instances);
  }

  static ServerMessage.Welcome welcome(
      @Nullable Member user, boolean resumed, String... instances) {
    return new ServerMessage.Welcome(
        "s",
        user,
        user == null,
        1,
        resumed,
        "token-" + resumed,
        90_000,
        PING_MS,
        new ServerMessage.Limits(65_536, 2_000, 64, 1_000, 1_000, 60, 20, 10),
        null,
        List.of(instances),
        List.of(),
        null);
  }

  /// The same, with a way for datagrams and the worlds that the session is in.
  static ServerMessage.Welcome with(
      ServerMessage.Welcome plain, ServerMessage.@Nullable Udp udp, List<String> worlds) {
    return new ServerMessage.Welcome(
        plain.session(),
        plain.user(),
        plain.anonymous(),
        plain.epoch(),
        plain.resumed(),
        plain.resume(),
        plain.graceMs(),
        plain.pingMs(),
        plain.limits(),
        udp,
        plain.instances(),
        worlds,
        plain.ref());
  }

  static ServerMessage.Presence presence(long seq, @Nullable String ref, String... online) {
    return new ServerMessage.Presence(
        LOBBY,
        EPOCH,
        seq,
        RosterMode.FULL,
        members(online),
        List.of(),
        counts(online.length),
        true,
        null,
        ref);
  }

  static ServerMessage.Presence firstPage(
      long seq, String cursor, @Nullable String ref, String... online) {
    return new ServerMessage.Presence(
        LOBBY,
        EPOCH,
        seq,
        RosterMode.FULL,
        members(online),
        List.of(),
        counts(9),
        false,
        cursor,
        ref);
  }

  static ServerMessage.Presence countsOnly(long seq, int people, @Nullable String ref) {
    return new ServerMessage.Presence(
        LOBBY,
        EPOCH,
        seq,
        RosterMode.COUNTS,
        List.of(),
        List.of(),
        counts(people),
        true,
        null,
        ref);
  }

  static ServerMessage.Roster page(
      long seq, @Nullable String cursor, @Nullable String ref, String... members) {
    return new ServerMessage.Roster(
        LOBBY, EPOCH, seq, members(members), List.of(), counts(9), cursor, ref);
  }

  static ServerMessage.Delta joined(long from, long seq, @Nullable String ref, String... joined) {
    return new ServerMessage.Delta(
        LOBBY,
        EPOCH,
        from,
        seq,
        members(joined),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        counts((int) seq),
        ref);
  }

  static ServerMessage.Delta left(long from, long seq, String... left) {
    return new ServerMessage.Delta(
        LOBBY,
        EPOCH,
        from,
        seq,
        List.of(),
        List.of(left),
        List.of(),
        List.of(),
        List.of(),
        counts((int) seq),
        null);
  }

  static ServerMessage.CountsChange countsChange(long from, long seq, int people) {
    return new ServerMessage.CountsChange(LOBBY, EPOCH, from, seq, counts(people), null);
  }

  static ServerMessage.Said said(long seq, @Nullable String clientMessageId, @Nullable String ref) {
    return new ServerMessage.Said(
        LOBBY, EPOCH, seq, "m" + seq, member("@ann"), "hello", 1, clientMessageId, ref);
  }

  static ServerMessage.Direct direct(String id, boolean redelivered) {
    return new ServerMessage.Direct(id, member("@bob"), "psst", 1, redelivered);
  }

  static ServerMessage.Outcome delivered(String id) {
    return new ServerMessage.Outcome(id, ServerMessage.Fate.DELIVERED);
  }

  static ServerMessage.Error error(ErrorCode code, @Nullable String ref) {
    return new ServerMessage.Error(code, "no", ref, code.retryable(), null, null, null);
  }

  /// A refusal that nothing asked for.
  static ServerMessage.Error unasked(ErrorCode code) {
    return new ServerMessage.Error(code, "no", null, code.retryable(), null, LOBBY, null);
  }

  static Member member(String id) {
    return new Member(id, id, null);
  }

  private static List<Member> members(String... ids) {
    return List.of(ids).stream().map(Messages::member).toList();
  }

  private static Counts counts(int people) {
    return new Counts(people, 0, people, 0);
  }
}
