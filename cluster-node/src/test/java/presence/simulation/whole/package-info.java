/// The whole cluster in one simulation: real sessions, instances, persons, relays and connections,
/// and clients that drop, freeze, come back elsewhere and change their minds.
@NullMarked
package presence.simulation.whole;

import org.jspecify.annotations.NullMarked;
