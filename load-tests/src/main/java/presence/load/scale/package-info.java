/// Sessions without sockets: a node in a JVM of its own whose entities are driven from within.
@NullMarked
package presence.load.scale;

import org.jspecify.annotations.NullMarked;
