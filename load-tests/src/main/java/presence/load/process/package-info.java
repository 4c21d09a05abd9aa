/// The processes of a cluster as an operator has them: nodes and their PostgreSQL, started,
/// stopped, killed and frozen. Every process is one that was started here.
@NullMarked
package presence.load.process;

import org.jspecify.annotations.NullMarked;
