/// What operators ask a node: health.
@NullMarked
package presence.ops;

import org.jspecify.annotations.NullMarked;
