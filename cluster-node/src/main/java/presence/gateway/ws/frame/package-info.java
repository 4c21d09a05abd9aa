/// The frames of RFC 6455, from and to bytes: pure, without actors, streams or sockets. Knows of
/// Pekko its immutable bytes and nothing else.
@NullMarked
package presence.gateway.ws.frame;

import org.jspecify.annotations.NullMarked;
