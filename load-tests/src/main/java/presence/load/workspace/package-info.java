/// Clients of workspaces as a scenario needs them, and what they must be counted as.
@NullMarked
package presence.load.workspace;

import org.jspecify.annotations.NullMarked;
