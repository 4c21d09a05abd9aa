/// The application archive, after it was packed.
@NullMarked
package presence.archive;

import org.jspecify.annotations.NullMarked;
