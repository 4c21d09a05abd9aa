/// WebSockets: the stage that is one socket's [presence.gateway.Wire], and the upgrade of an HTTP
/// request to it.
@NullMarked
package presence.gateway.ws;

import org.jspecify.annotations.NullMarked;
