/// The wire contract `presence.v1`: messages, codec, limits and close codes. Knows no server.
@NullMarked
package presence.protocol;

import org.jspecify.annotations.NullMarked;
