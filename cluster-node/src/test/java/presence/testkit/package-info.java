/// What the tests of the entities stand on: one actor system, one time, a recorder for every door.
@NullMarked
package presence.testkit;

import org.jspecify.annotations.NullMarked;
