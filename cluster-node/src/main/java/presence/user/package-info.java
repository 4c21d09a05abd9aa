/// One person as a sharded entity: sessions, last seen, followers.
@NullMarked
package presence.user;

import org.jspecify.annotations.NullMarked;
