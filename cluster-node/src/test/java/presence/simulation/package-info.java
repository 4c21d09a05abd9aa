/// The whole system on one thread in virtual time: real behaviours on a real actor system, whose
/// dispatchers only fill a queue, whose clock moves only when told, and whose journal and network
/// delay, lose, repeat and fail as a seed says.
///
/// - [presence.simulation.World] is one run: hosts, a network, entities, a journal, a clock. Use it
///   directly to play out one story.
/// - [presence.simulation.Simulation] plays a [presence.simulation.Scenario] for many seeds, checks
///   its invariants after every step, and on a failure reports the seed and the fewest steps that
///   still fail, as Java to paste into a test.
///
/// The same seed gives the same run, in every JVM. What would break that is made deterministic here
/// (uids of actors, jitter of supervisors, and the number of the thread, which both draws add) or
/// must be avoided in the behaviours: the order of `Set.of`, `Map.of` and of hashed enums differs
/// from JVM to JVM, so a behaviour that acts in the order of a collection needs one with an order.
@NullMarked
package presence.simulation;

import org.jspecify.annotations.NullMarked;
