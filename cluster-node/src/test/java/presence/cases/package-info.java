/// The cases of the wire, each driven against a real node: real sockets, a real journal. One class
/// holds one family; a test names its case.
@NullMarked
package presence.cases;

import org.jspecify.annotations.NullMarked;
