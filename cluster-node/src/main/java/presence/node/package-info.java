/// Wires a node: configuration, start, stop. The only package that knows all others.
@NullMarked
package presence.node;

import org.jspecify.annotations.NullMarked;
