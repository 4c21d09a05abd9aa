/// What a hello proves: tokens, keys, resume tokens.
@NullMarked
package presence.auth;

import org.jspecify.annotations.NullMarked;
