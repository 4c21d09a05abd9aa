/// What must hold, proved over what clients wrote down. Nothing here uses the product's own reading
/// of the wire or its folds: a mistake there must not hide itself.
@NullMarked
package presence.load.check;

import org.jspecify.annotations.NullMarked;
