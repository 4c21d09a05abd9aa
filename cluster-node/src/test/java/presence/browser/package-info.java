/// The pages, used in a real browser against a real node.
@NullMarked
package presence.browser;

import org.jspecify.annotations.NullMarked;
