/// What operators ask a node and tell it: whether it is well, what goes on in it, and to leave.
@NullMarked
package presence.ops;

import org.jspecify.annotations.NullMarked;
