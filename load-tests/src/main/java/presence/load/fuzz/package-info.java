/// What a node is given by chance: the inputs, what must become of each, and who keeps count.
@NullMarked
package presence.load.fuzz;

import org.jspecify.annotations.NullMarked;
