/// What one node of a cluster promises to those whose sockets are with another: how soon it is
/// visible, how quietly they come back, and what it costs.
@NullMarked
package presence.load.across;

import org.jspecify.annotations.NullMarked;
