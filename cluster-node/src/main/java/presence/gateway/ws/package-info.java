/// WebSockets: what one socket is, from the bytes of its [presence.gateway.ws.Transport] to the
/// events of its [presence.gateway.Wire], and the upgrade of an HTTP request to it.
@NullMarked
package presence.gateway.ws;

import org.jspecify.annotations.NullMarked;
