/// The journal of a node: where it lies, its tables, what the persistence plugin needs to know,
/// what the cluster keeps once in it, and its upkeep. Blocking code lives here.
@NullMarked
package presence.store;

import org.jspecify.annotations.NullMarked;
