/// What holds for all of it: the map of packages, and how it is written.
@NullMarked
package presence;

import org.jspecify.annotations.NullMarked;
