/// One user session as a sharded entity: the lease that outlives its sockets.
@NullMarked
package presence.session;

import org.jspecify.annotations.NullMarked;
