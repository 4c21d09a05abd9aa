/// Servers of the same small job on what others made, each a program of its own.
@NullMarked
package presence.load.peers.server;

import org.jspecify.annotations.NullMarked;
