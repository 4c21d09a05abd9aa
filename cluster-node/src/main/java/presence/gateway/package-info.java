/// The edge of a node: connections, relays, wires and routes.
@NullMarked
package presence.gateway;

import org.jspecify.annotations.NullMarked;
