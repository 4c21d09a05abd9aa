package presence.client;

import java.net.URI;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import presence.protocol.ClientMessage.Hello;
import presence.protocol.ClientMessage.Resume;
import presence.protocol.Setting;

/// How a client begins. Immutable; the `with` methods return a copy.
///
/// @param socket the server's WebSocket, `ws://host:port/ws`; asked before each is opened, so that
///   a client that lost one node of a cluster may go to another. It may take its time; that it
///   fails counts as a socket that could not be opened
/// @param proof who the client proves to be
/// @param resume the resume token of an earlier client, to go on with its session
/// @param location where the user is; null = not said
/// @param visible whether the user looks at it; null = not said
/// @param device what the session runs on
/// @param displayName the name to be shown; null = not said
/// @param datagrams whether moves in worlds go by datagrams wherever those come through
public record ClientOptions(
    Supplier<URI> socket,
    Proof proof,
    @Nullable String resume,
    @Nullable Setting location,
    @Nullable Boolean visible,
    @Nullable String device,
    @Nullable Setting displayName,
    BackOff backOff,
    boolean datagrams) {

  /// Throws [presence.protocol.InvalidMessage] when no hello could carry it.
  public ClientOptions {
    Resume back = resume == null ? null : new Resume(resume, List.of());
    new Hello(1, null, null, back, location, visible, device, displayName, null);
  }

  /// An anonymous client of this server. Throws IllegalArgumentException when the address is not
  /// `ws:` or `wss:`.
  public static ClientOptions of(URI socket) {
    if (!"ws".equals(socket.getScheme()) && !"wss".equals(socket.getScheme())) {
      throw new IllegalArgumentException("no address of a WebSocket: " + socket);
    }
    return new ClientOptions(
        () -> socket, Proof.anonymous(), null, null, null, null, null, BackOff.STANDARD, false);
  }

  /// Where each socket is opened, asked before every one.
  public ClientOptions withSocket(Supplier<URI> socket) {
    return new ClientOptions(
        socket, proof, resume, location, visible, device, displayName, backOff, datagrams);
  }

  public ClientOptions withProof(Proof proof) {
    return new ClientOptions(
        socket, proof, resume, location, visible, device, displayName, backOff, datagrams);
  }

  public ClientOptions withResume(@Nullable String resume) {
    return new ClientOptions(
        socket, proof, resume, location, visible, device, displayName, backOff, datagrams);
  }

  /// Where the user is; null = nowhere.
  public ClientOptions withLocation(@Nullable String slug) {
    return new ClientOptions(
        socket, proof, resume, Setting.to(slug), visible, device, displayName, backOff, datagrams);
  }

  public ClientOptions withVisible(boolean visible) {
    return new ClientOptions(
        socket, proof, resume, location, visible, device, displayName, backOff, datagrams);
  }

  public ClientOptions withDevice(@Nullable String device) {
    return new ClientOptions(
        socket, proof, resume, location, visible, device, displayName, backOff, datagrams);
  }

  /// The name to be shown; null = none.
  public ClientOptions withDisplayName(@Nullable String name) {
    return new ClientOptions(
        socket, proof, resume, location, visible, device, Setting.to(name), backOff, datagrams);
  }

  public ClientOptions withBackOff(BackOff backOff) {
    return new ClientOptions(
        socket, proof, resume, location, visible, device, displayName, backOff, datagrams);
  }

  /// Whether moves in worlds go by datagrams wherever those come through.
  public ClientOptions withDatagrams(boolean datagrams) {
    return new ClientOptions(
        socket, proof, resume, location, visible, device, displayName, backOff, datagrams);
  }
}
