/// One chat instance as a sharded entity: roster, change stream, history.
@NullMarked
package presence.instance;

import org.jspecify.annotations.NullMarked;
