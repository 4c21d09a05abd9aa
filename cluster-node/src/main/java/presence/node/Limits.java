package presence.node;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigUtil;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import presence.gateway.Callers;
import presence.gateway.Connections;
import presence.gateway.Cuts;
import presence.gateway.GatewayLimits;
import presence.gateway.GatewayMeter;
import presence.gateway.HeldOrders;
import presence.gateway.Network;
import presence.gateway.Plain;
import presence.gateway.Relay;
import presence.gateway.Replica;
import presence.gateway.http.HttpLimits;
import presence.gateway.http.Proxies;
import presence.gateway.http.WorkspaceStream;
import presence.gateway.http.WorkspaceStreams;
import presence.gateway.udp.DatagramPort;
import presence.instance.InstanceLimits;
import presence.instance.Pace;
import presence.instance.Pieces;
import presence.protocol.ServerMessage;
import presence.session.Rate;
import presence.session.SessionLimits;
import presence.user.MailLimits;
import presence.user.Pauses;
import presence.user.UserLimits;
import presence.workspace.WorkspaceLimits;
import presence.world.AvatarIds;
import presence.world.WorldLimits;

/// The bounds that each part of a node is given, read from the section `presence`.
record Limits(Config presence) {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  SessionLimits session() {
    return new SessionLimits(
        time("grace"),
        time("session.reclaim-wait"),
        time("session.repeat-after"),
        time("session.repeat-at-most"),
        number("session.instances-max"),
        number("session.worlds-max"),
        number("session.watched-max"),
        number("session.letters-waiting-max"),
        mail(),
        rate("chat"),
        rate("direct"),
        rate("location"),
        rate("membership"),
        rate("emit"));
  }

  InstanceLimits instance() {
    return new InstanceLimits(
        number("instance.capacity"),
        number("instance.anonymous-max"),
        number("instance.history-max"),
        number("instance.ring-changes-max"),
        time("instance.ring-age-max"),
        time("instance.leavers-kept"),
        time("instance.audit-every"),
        time("instance.audit-after-start"),
        time("instance.idle"),
        number("instance.flush-changes-max"),
        new Pace.Limits(
            time("instance.flush-min"),
            time("instance.flush-max"),
            time("instance.flush-per-member")));
  }

  UserLimits user() {
    return new UserLimits(
        number("session.per-person-max"),
        time("instance.leavers-kept"),
        time("user.idle"),
        number("user.mutes-max"),
        repeats(),
        mail());
  }

  private MailLimits mail() {
    return new MailLimits(
        number("mail.items-max"),
        size("mail.bytes-max"),
        time("mail.time-to-live"),
        time("mail.remembered"),
        number("mail.remembered-max"),
        number("mail.pushes-max"),
        new Pauses(time("mail.push-after"), time("mail.push-at-most")),
        size("mail.in-flight-bytes-max"),
        repeats());
  }

  private Pauses repeats() {
    return new Pauses(time("session.repeat-after"), time("session.repeat-at-most"));
  }

  GatewayLimits gateway() {
    return new GatewayLimits(
        time("connection.hello-deadline"),
        time("ping"),
        time("grace"),
        time("connection.keep-alive"),
        time("connection.held-max"),
        time("connection.reclaim-min"),
        time("connection.reclaim-max"),
        size("connection.outbox-bytes-max"),
        size("connection.frame-bytes-max"),
        time("connection.outbox-drain-max"),
        rate("roster"),
        number("connection.bad-frames-max"),
        number("instance.text-code-points-max"),
        size("world.json-bytes-max"),
        time("jwt.warn-before"),
        new HeldOrders.Limits(
            number("connection.held-commands-max"),
            size("connection.held-bytes-max"),
            time("connection.held-max"),
            time("connection.held-repeat-min"),
            time("connection.held-repeat-max")),
        time("udp.rest"),
        welcome());
  }

  private ServerMessage.Limits welcome() {
    return new ServerMessage.Limits(
        frameBytes(),
        number("instance.text-code-points-max"),
        number("session.instances-max"),
        number("instance.roster-page-max"),
        number("session.watched-max"),
        number("rates.chat.per-minute"),
        number("rates.location.per-minute") / 60,
        number("rates.membership.per-minute") / 60);
  }

  Replica.Limits replica() {
    return new Replica.Limits(
        number("instance.ring-changes-max"),
        time("instance.ring-age-max"),
        number("instance.history-max"),
        size("instance.history-bytes-max"));
  }

  Cuts.Limits cuts() {
    return new Cuts.Limits(
        number("instance.roster-cuts-max"),
        time("instance.roster-cut-kept"),
        number("instance.roster-page-max"));
  }

  Callers callers(InstantSource clock, GatewayMeter meter) {
    return new Callers(
        new Callers.Limits(
            number("callers.connections-max"),
            number("callers.sockets-max"),
            number("callers.anonymous-max"),
            perMinute("callers.opens"),
            perMinute("callers.hellos"),
            perMinute("callers.requests"),
            perMinute("callers.failures"),
            number("callers.remembered-max")),
        unlimited(),
        clock,
        meter);
  }

  /// @throws ConfigurationError that says what to change
  Proxies proxies() {
    List<Network> trusted = networks("callers.proxies");
    try {
      return new Proxies(trusted, presence.getString("callers.proxy-header"));
    } catch (IllegalArgumentException e) {
      throw Settings.error(presence, "callers.proxy-header", String.valueOf(e.getMessage()));
    }
  }

  /// @throws ConfigurationError that says what to change
  List<Network> unlimited() {
    return networks("callers.unlimited");
  }

  Duration firstRequest() {
    return time("callers.first-request");
  }

  private List<Network> networks(String key) {
    try {
      return presence.getStringList(key).stream().map(Network::parse).toList();
    } catch (IllegalArgumentException e) {
      throw Settings.error(presence, key, String.valueOf(e.getMessage()));
    }
  }

  HttpLimits http() {
    return new HttpLimits(
        time("http.answer-within"),
        number("http.questions-max"),
        number("http.instances-page-max"),
        size("http.body-bytes-max"),
        number("http.spectators-max"),
        number("http.spectator-backlog-max"),
        time("http.comment-every"),
        time("connection.close-wait"),
        presence.getBoolean("connection.compression"));
  }

  WorldLimits world() {
    return new WorldLimits(
        number("world.capacity"),
        time("world.ghost"),
        time("world.tick"),
        time("instance.leavers-kept"),
        time("session.repeat-at-most"),
        time("instance.audit-every"),
        time("instance.audit-after-start"),
        time("instance.idle"),
        number("world.flush-words-max"),
        avatarIds());
  }

  private AvatarIds avatarIds() {
    String avatars = presence.getString("world.avatars");
    if (!avatars.equals("person") && !avatars.equals("session")) {
      throw Settings.error(presence, "world.avatars", "is person or session");
    }
    return new AvatarIds(
        avatars.equals("person"), Set.copyOf(presence.getStringList("world.avatars-otherwise")));
  }

  Plain.Limits plain() {
    String radius = presence.getString("world.radius");
    return new Plain.Limits(
        radius.isEmpty() ? null : presence.getDouble("world.radius"),
        number("world.near-moves-max"),
        number("world.far-moves-max"));
  }

  Duration gatherMoves() {
    return time("world.gather");
  }

  WorkspaceLimits workspace() {
    return new WorkspaceLimits(
        time("workspace.create-grace"),
        time("workspace.detach-grace"),
        time("workspace.reclaim-wait"),
        time("workspace.sessions-kept"),
        time("instance.leavers-kept"),
        number("workspace.ring-changes-max"),
        number("workspace.sessions-max"),
        size("workspace.sessions-bytes-max"),
        number("workspace.clients-max"),
        number("workspace.streams-per-client-max"),
        number("workspace.runs-per-client-max"),
        number("workspace.per-client-max"),
        time("session.repeat-after"),
        time("session.repeat-at-most"),
        time("user.idle"));
  }

  WorkspaceStreams.Limits workspaceStreams() {
    return new WorkspaceStreams.Limits(
        number("workspace.streams-max"),
        number("workspace.stream-backlog-max"),
        time("http.comment-every"),
        time("drain.spread"),
        new WorkspaceStream.Pace(
            time("workspace.keep-alive"),
            time("connection.held-repeat-min"),
            time("connection.reclaim-min"),
            time("connection.reclaim-max"),
            time("http.answer-within")));
  }

  /// @param host where clients send datagrams
  DatagramPort.Settings udp(String host) {
    return new DatagramPort.Settings(
        host,
        number("udp.public-port"),
        number("udp.tickets-max"),
        time("udp.silence"),
        size("udp.buffer-bytes"));
  }

  Connections.Draining draining() {
    return new Connections.Draining(
        number("drain.batch"), time("drain.pause"), time("drain.spread"));
  }

  int rosterFullMax() {
    return number("instance.roster-full-max");
  }

  Relay.Pace relayPace() {
    return new Relay.Pace(
        time("instance.relay-keep-alive"),
        time("instance.relay-repeat-min"),
        time("instance.relay-repeat-max"));
  }

  Duration watchKeepAlive() {
    return time("user.watch-keep-alive");
  }

  Duration patience() {
    return time("connection.held-max");
  }

  int frameBytes() {
    return size("connection.frame-bytes-max");
  }

  int frameDepth() {
    return number("connection.frame-depth-max");
  }

  Pieces pieces() {
    Map<String, List<String>> pieces = new HashMap<>();
    Config section = presence.getConfig("pieces");
    for (String instance : section.root().keySet()) {
      pieces.put(instance, section.getStringList(ConfigUtil.joinPath(instance)));
    }
    return new Pieces(pieces);
  }

  private Rate rate(String what) {
    return perMinute("rates." + what);
  }

  private Rate perMinute(String key) {
    return new Rate(number(key + ".per-minute"), MINUTE, number(key + ".burst"));
  }

  private Duration time(String key) {
    return presence.getDuration(key);
  }

  private int number(String key) {
    return presence.getInt(key);
  }

  private int size(String key) {
    return Math.toIntExact(presence.getBytes(key));
  }
}
