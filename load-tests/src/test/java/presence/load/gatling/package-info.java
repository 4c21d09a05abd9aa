/// Simulations with Gatling: a load of one's own, drawn over time.
@NullMarked
package presence.load.gatling;

import org.jspecify.annotations.NullMarked;
