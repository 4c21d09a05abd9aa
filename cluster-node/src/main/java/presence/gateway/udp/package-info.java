/// Datagrams of clients on a node's UDP port: who they are from, where their answers go, and
/// whether they arrive.
@NullMarked
package presence.gateway.udp;

import org.jspecify.annotations.NullMarked;
