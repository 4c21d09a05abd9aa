/// Who a client is: identity is only ever what was proven. Tokens of an issuer, signed keys, resume
/// tokens and the ids of sessions. Holds rules and keys, no actors.
@NullMarked
package presence.auth;

import org.jspecify.annotations.NullMarked;
