/// The same jobs for this server and for others that a user might pick, by one client, in one run.
@NullMarked
package presence.load.peers;

import org.jspecify.annotations.NullMarked;
