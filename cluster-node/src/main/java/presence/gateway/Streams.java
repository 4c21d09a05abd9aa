package presence.gateway;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;
import presence.protocol.ClientMessage;
import presence.protocol.ClientMessage.RosterMode;
import presence.protocol.ErrorCode;
import presence.protocol.Position;
import presence.protocol.ServerMessage;

/// The instances that one client is in, and the streams it follows of them.
final class Streams {
  /// What a client wants to be given of an instance first.
  private record Wanted(@Nullable RosterMode mode, @Nullable Position since, @Nullable String ref) {
    private static Wanted of(ClientMessage.Join join) {
      return new Wanted(join.roster(), join.since(), join.ref());
    }

    private static Wanted of(String instance, ClientMessage.@Nullable Resume resume) {
      if (resume != null) {
        for (ClientMessage.Since since : resume.instances()) {
          if (since.instance().equals(instance)) {
            return new Wanted(since.roster(), new Position(since.epoch(), since.seq()), null);
          }
        }
      }
      return new Wanted(null, null, null);
    }
  }

  private final ActorRef<Relays.Command> relays;
  private final Line line;
  private final String session;
  private final Looks looks;
  private final ActorRef<Relay.Delivery> ear;
  private final Map<String, Following> joined = new HashMap<>(4);
  private final Set<String> watched = new HashSet<>(2);
  private final Map<Long, Wanted> joining = new HashMap<>(2);

  Streams(
      ActorRef<Relays.Command> relays,
      Line line,
      String session,
      Looks looks,
      ActorRef<Relay.Delivery> ear) {
    this.relays = relays;
    this.line = line;
    this.session = session;
    this.looks = looks;
    this.ear = ear;
  }

  /// The session is in these instances already: what the client missed follows, as far as its hello
  /// said what it has.
  ///
  /// @param instances how far each stream was when the session last heard
  void resume(Map<String, Position> instances, ClientMessage.@Nullable Resume resume) {
    instances.forEach((instance, at) -> follow(instance, Wanted.of(instance, resume), at));
  }

  /// A join is on its way to the session, as the order of this number.
  void joining(long order, ClientMessage.Join join) {
    joining.put(order, Wanted.of(join));
  }

  /// The session is a member.
  void joined(HeldOrders.Held order, String instance, @Nullable Position at) {
    Wanted wanted = joining.remove(order.number());
    watched.remove(instance);
    follow(instance, wanted == null ? new Wanted(null, null, order.ref()) : wanted, at);
  }

  /// Follows an instance without being in it.
  void watch(ClientMessage.Join join) {
    watched.add(join.instance());
    follow(join.instance(), Wanted.of(join), null);
  }

  /// Every instance whose stream is followed.
  Set<String> followed() {
    return Set.copyOf(joined.keySet());
  }

  /// Whether one is followed from within.
  boolean isMember(String instance) {
    return joined.containsKey(instance) && !watched.contains(instance);
  }

  void refused(HeldOrders.Held order) {
    joining.remove(order.number());
  }

  private void follow(String instance, Wanted wanted, @Nullable Position atLeast) {
    end(instance);
    joined.put(
        instance,
        new Following(
            instance,
            wanted.mode(),
            wanted.since(),
            atLeast == null ? Position.NOWHERE : atLeast,
            line.bypass()));
    follow(instance, wanted.ref());
  }

  private void follow(String instance, @Nullable String ref) {
    Following following = joined.get(instance);
    if (following != null) {
      tell(
          instance,
          new Relay.Follow(
              ear,
              watched.contains(instance) ? null : session,
              following.mode(),
              following.reached(),
              following.atLeast(),
              ref,
              following));
    }
  }

  void leave(String instance) {
    watched.remove(instance);
    end(instance);
    line.leave(Topic.instance(instance));
    tell(instance, new Relay.Unfollow(ear));
  }

  void page(ClientMessage.RosterPage page) {
    if (!joined.containsKey(page.instance())) {
      line.refuse(ErrorCode.NOT_JOINED, "not a member of " + page.instance(), page.ref());
    } else if (looks.allow(page, page.instance())) {
      tell(page.instance(), new Relay.Page(page.cursor(), page.limit(), page.ref(), ear));
    }
  }

  void onDelivery(Relay.Delivery delivery) {
    switch (delivery) {
      case Relay.Stream stream -> {
        line.delivered();
        Following following = joined.get(stream.instance());
        if (following != null) {
          line.stream(following.topic(), stream.batch(), stream.fresh());
          following.reaches(stream.batch());
        }
      }
      case Relay.RosterPage page -> line.answer(page.page());
      case Relay.Refused refused -> onRefused(refused);
    }
  }

  private void end(String instance) {
    Following before = joined.remove(instance);
    if (before != null) {
      before.end();
    }
  }

  /// Whether the client has been given its stream up to this message: one further on it will be
  /// given in its turn, and must not be before.
  boolean hasPassed(ServerMessage.Said message) {
    Following following = joined.get(message.instance());
    Position at = following == null ? null : following.reached();
    return at != null && at.epoch() == message.epoch() && at.seq() >= message.seq();
  }

  /// The relay gave up waiting for the instance. Who asked is told; a member goes on following,
  /// from where it is.
  private void onRefused(Relay.Refused refused) {
    boolean goesOn = refused.code() == ErrorCode.UNAVAILABLE;
    if (refused.ref() != null || !goesOn) {
      line.answer(
          new ServerMessage.Error(
              refused.code(),
              refused.message(),
              refused.ref(),
              refused.code().retryable(),
              null,
              refused.instance(),
              null));
    }
    if (goesOn) {
      follow(refused.instance(), null);
    } else if (refused.code() == ErrorCode.NOT_FOUND && watched.contains(refused.instance())) {
      leave(refused.instance());
    }
  }

  /// Begins a stream anew that the client was too slow for, now that there is room.
  ///
  /// @param ref of the request that is answered by that
  void resync(String instance, @Nullable String ref) {
    tell(instance, new Relay.Resync(ear, ref));
  }

  private void tell(String instance, Relay.Command command) {
    relays.tell(new Relays.To(instance, command));
  }
}
