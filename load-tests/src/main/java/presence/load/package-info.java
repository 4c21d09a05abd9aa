/// Benchmarks and load scenarios, each runnable by itself.
@NullMarked
package presence.load;

import org.jspecify.annotations.NullMarked;
