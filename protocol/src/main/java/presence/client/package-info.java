/// The Java client of `presence.v1`: one session over any number of sockets. Knows the protocol and
/// the JDK, nothing of a server.
@NullMarked
package presence.client;

import org.jspecify.annotations.NullMarked;
