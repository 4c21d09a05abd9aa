/// Named scenarios that check themselves: honest clients of one instance who write down everything,
/// beside others that behave as no client should, and what must hold all the same.
@NullMarked
package presence.load.scenarios;

import org.jspecify.annotations.NullMarked;
