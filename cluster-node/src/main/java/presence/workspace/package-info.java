/// Places whose sessions several clients look at: who is attached, to what, and the clients
/// themselves.
@NullMarked
package presence.workspace;

import org.jspecify.annotations.NullMarked;
