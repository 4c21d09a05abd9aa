/// What single steps of the pure values cost, measured with JMH.
@NullMarked
package presence.load.bench;

import org.jspecify.annotations.NullMarked;
