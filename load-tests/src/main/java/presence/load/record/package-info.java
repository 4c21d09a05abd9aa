/// What clients did and what they were told, written down as it happens: one file of JSON lines for
/// each client of a run. [presence.load.record.Line] is the format.
@NullMarked
package presence.load.record;

import org.jspecify.annotations.NullMarked;
