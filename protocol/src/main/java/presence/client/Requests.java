package presence.client;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import presence.protocol.ClientMessage;
import presence.protocol.ErrorCode;
import presence.protocol.Member;
import presence.protocol.ServerMessage;
import presence.protocol.ServerMessage.Welcome;

/// What the client asked and has no answer to yet, in the order of asking. Serial.
final class Requests {
  /// As many as a node holds back for one connection, four times over.
  static final int OPEN_MAX = 1_024;

  /// How much longer than it was told it waits before it repeats what was published.
  private static final long REPEAT_MS = 1_000;

  /// Later than this an instance may not know any more that it was published.
  private static final long REPEATED_AFTER_MAX_MS = 60_000;

  private final Edge edge;
  private final Map<String, Request> open = new LinkedHashMap<>();
  private boolean live;
  private long refs;

  Requests(Edge edge) {
    this.edge = edge;
  }

  private static final class Request {
    final String ref;
    final ClientMessage message;
    final CompletableFuture<ServerMessage> answer;
    boolean said;
    boolean accepted; // since it was said last, and its answer is still to come
    boolean published; // once and for all
    boolean greeted; // said by a hello

    Request(String ref, ClientMessage message, CompletableFuture<ServerMessage> answer) {
      this.ref = ref;
      this.message = message;
      this.answer = answer;
    }
  }

  /// A `ref` that nothing else of this client carries.
  String nextRef() {
    return Long.toString(++refs);
  }

  /// Takes a request, and says it when there is somebody to say it to.
  void ask(Function<String, ClientMessage> message, CompletableFuture<ServerMessage> answer) {
    String ref = nextRef();
    Request request;
    try {
      request = new Request(ref, message.apply(ref), answer);
    } catch (RuntimeException e) {
      answer.completeExceptionally(e);
      return;
    }
    if (open.size() >= OPEN_MAX) {
      fail(request, ErrorCode.UNAVAILABLE, "too many requests without an answer");
    } else if (!edge.fits(request.message)) {
      fail(request, ErrorCode.TOO_LONG, "no frame holds this message");
    } else {
      open.put(ref, request);
      if (live) {
        say(request);
      }
    }
  }

  private void say(Request request) {
    request.said = true;
    request.accepted = false;
    edge.say(request.message);
  }

  private static void fail(Request request, ErrorCode code, String message) {
    boolean passes = code == ErrorCode.UNAVAILABLE;
    request.answer.completeExceptionally(new PresenceException(code, message, passes, 0));
  }

  /// Hands an answer to who asked.
  void answered(ServerMessage message) {
    if (isReceipt(message)) {
      return;
    }
    Request request = take(message);
    if (request == null) {
      return;
    }
    if (message instanceof ServerMessage.Error error) {
      PresenceException why = PresenceException.of(error);
      boolean passes = why.retryable() || why.retryAfterMs() > 0;
      if (request.published && passes && why.retryAfterMs() <= REPEATED_AFTER_MAX_MS) {
        open.put(request.ref, request);
        edge.after(
            why.retryAfterMs() + REPEAT_MS,
            () -> {
              if (live && open.get(request.ref) == request) {
                say(request);
              }
            });
      } else {
        request.answer.completeExceptionally(why);
      }
    } else {
      request.answer.complete(message);
    }
  }

  private @Nullable Request take(ServerMessage message) {
    String ref = message.ref();
    Request request = ref == null ? null : open.remove(ref);
    String id =
        switch (message) {
          case ServerMessage.Said said -> said.clientMessageId();
          case ServerMessage.Accepted accepted -> accepted.clientMessageId();
          case ServerMessage.Error error -> error.clientMessageId();
          default -> null;
        };
    return request != null || id == null ? request : takeSaid(id, message);
  }

  /// Takes an `ok` for a chat message: its answer is the copy in the stream, before or after.
  private boolean isReceipt(ServerMessage message) {
    Request request = message instanceof ServerMessage.Ok ok ? open.get(ok.ref()) : null;
    if (request == null || !(request.message instanceof ClientMessage.Say)) {
      return false;
    }
    request.accepted = true;
    request.published = true;
    return true;
  }

  /// A stream began anew, and left out what lies between. Who says something published once more is
  /// told the copy.
  void begunAnew(String instance) {
    for (Request request : open.values()) {
      if (request.accepted
          && request.message instanceof ClientMessage.Say say
          && say.instance().equals(instance)) {
        say(request);
      }
    }
  }

  /// What was said is known by its own id too: after a lost socket the stream may tell a chat
  /// message before the repeat is answered.
  private @Nullable Request takeSaid(String clientMessageId, ServerMessage answer) {
    for (Map.Entry<String, Request> each : open.entrySet()) {
      String asked =
          switch (each.getValue().message) {
            case ClientMessage.Say say when !(answer instanceof ServerMessage.Accepted) ->
                say.clientMessageId();
            case ClientMessage.Send send when !(answer instanceof ServerMessage.Said) ->
                send.clientMessageId();
            default -> null;
          };
      if (clientMessageId.equals(asked)) {
        open.remove(each.getKey());
        return each.getValue();
      }
    }
    return null;
  }

  /// Whether something of the kind has no answer yet, and is said again.
  boolean holds(Predicate<ClientMessage> kind) {
    return open.values().stream()
        .anyMatch(request -> !request.answer.isDone() && kind.test(request.message));
  }

  /// A hello says where the client is now: what was asked about that before is history, which a
  /// repeat would show to everybody.
  void greeted() {
    for (Request request : open.values()) {
      request.greeted = request.message instanceof ClientMessage.Location;
    }
  }

  /// Says everything that is unanswered, on a new socket, but for what its hello has said, for what
  /// is not wanted any more, and for what nobody could tell there to be the same: a chat message
  /// said in another session, a direct message of another sender.
  ///
  /// @param undone whether the client has wanted the contrary since
  void again(Welcome newest, @Nullable Welcome before, Predicate<ClientMessage> undone) {
    live = true;
    for (Request request : List.copyOf(open.values())) {
      if (request.answer.isDone()) { // given up by who asked
        open.remove(request.ref);
      } else if (request.greeted || undone.test(request.message)) {
        open.remove(request.ref);
        request.answer.complete(newest);
      } else if (request.said && !repeatable(request.message, newest, before)) {
        open.remove(request.ref);
        fail(
            request,
            ErrorCode.RESUME_EXPIRED,
            "the session ended before the answer: it may have been said or not");
      } else {
        say(request);
      }
    }
  }

  void lost() {
    live = false;
  }

  private static boolean repeatable(
      ClientMessage message, Welcome newest, @Nullable Welcome before) {
    if (message instanceof ClientMessage.Emit) {
      return false; // now or never
    }
    return newest.resumed()
        || switch (message) {
          case ClientMessage.Say _ -> false;
          case ClientMessage.Send _ -> isSamePerson(newest, before);
          default -> true;
        };
  }

  private static boolean isSamePerson(Welcome newest, @Nullable Welcome before) {
    Member now = newest.user();
    Member then = before == null ? null : before.user();
    return now != null && then != null && now.id().equals(then.id());
  }

  /// Nothing will be answered any more.
  void fail(PresenceException why) {
    List<Request> unanswered = new ArrayList<>(open.values());
    open.clear();
    unanswered.forEach(request -> request.answer.completeExceptionally(why));
  }
}
